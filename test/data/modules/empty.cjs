exports.filter = "no function";
