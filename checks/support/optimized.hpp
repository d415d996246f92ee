#pragma once

// For checks that take times: those of a program that was not optimized say nothing of the answer.
#ifndef __OPTIMIZE__
#error "A check that takes times has to be compiled with optimization."
#endif
