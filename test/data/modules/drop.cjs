exports.filter = async ({ principal }) => ({ drop: principal === "robot" });
