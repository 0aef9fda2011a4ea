/* global outside */
module.exports = outside('n8n-core');
