// Stands for a check in the build: the runner compiles an answer with exactly the command that
// CMake uses for this file.
