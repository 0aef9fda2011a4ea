/* global outside */
module.exports = outside('n8n-workflow');
