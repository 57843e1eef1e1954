@echo off
rem Starts dualoptim with the java of JAVA_HOME, or else that on the PATH. JAVA_OPTS are passed on.
setlocal
set "LIB=%~dp0..\lib\*"
if defined DUALOPTIM_CLASSPATH set "LIB=%LIB%;%DUALOPTIM_CLASSPATH%"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
"%JAVA%" -version >nul 2>&1
if errorlevel 1 (
  echo error: no Java found; install Java 17 or newer and set JAVA_HOME to it 1>&2
  exit /b 1
)
"%JAVA%" -XX:MaxNewSize=64m %JAVA_OPTS% -Dfile.encoding=UTF-8 -cp "%LIB%" org.dualoptim.bench.DualOptimMain %*
exit /b %errorlevel%
