require("./not-there.cjs");
