@echo off
node "%~dp0language-host.js" %*
