/** Prints a figure that a long run of a model found, which jest does not swallow. */
exports.tell = (figure) => process.stderr.write(`${JSON.stringify(figure)}\n`);
