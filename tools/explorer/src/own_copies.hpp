#pragma once

// Included before everything else in the runtime: the copies and fills that the compiler makes of
// assignments must not reach the memcpy and memset that the runtime interposes.

asm(".set memcpy, interleave_own_copy");
asm(".set memmove, interleave_own_move");
asm(".set memset, interleave_own_fill");
