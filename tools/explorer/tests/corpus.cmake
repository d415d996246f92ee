# The corpus: programs that the explorer must see through (must_find) and programs that it must
# leave in peace (never_blame), in two executables for each compiler and optimization level: where
# an executable has thread_local variables the explorer switches threads in another way.
#
#   explorer_corpus           the compiler of this build at -O1
#   explorer_thread_locals    the same, the programs with thread_local variables
#   explorer_corpus_<c>_O<n>, explorer_thread_locals_<c>_O<n>
#                             with clang and gcc at -O0, -O1 and -O2, all but the first two again
#   explorer_corpus_sampled   the correct programs on real threads, under ThreadSanitizer: what the
#                             corpus calls correct must be so in the eyes of another judge
#
# ctest -L tools runs the first two, and the correct programs of all others but the last;
# ctest -L explorer-long runs the rest.

set(corpus_sources
    corpus_topics.cpp
    must_find/lost_updates.cpp must_find/check_then_act.cpp must_find/races.cpp
    must_find/deadlocks.cpp must_find/lost_wakeups.cpp must_find/synchronizers.cpp
    must_find/publications.cpp must_find/memory_orders.cpp must_find/sequential_consistency.cpp
    must_find/exchanges.cpp must_find/side_by_side.cpp
    must_find/lock_free.cpp must_find/lifetimes.cpp must_find/timing.cpp must_find/endings.cpp
    must_find/pthread_programs.cpp must_find/pthread_programs.c
    must_find/c11_programs.cpp must_find/c11_programs.c
    must_find/classic_programs.cpp must_find/classic_programs.c
    never_blame/threads.cpp never_blame/mutexes.cpp never_blame/shared_mutexes.cpp
    never_blame/conditions.cpp never_blame/futures.cpp never_blame/atomics.cpp
    never_blame/memory_orders.cpp never_blame/sequential_consistency.cpp
    never_blame/locks.cpp never_blame/exchanges.cpp never_blame/side_by_side.cpp
    never_blame/lock_free.cpp never_blame/synchronizers.cpp never_blame/stop_tokens.cpp
    never_blame/exceptions.cpp never_blame/streams.cpp
    never_blame/containers.cpp never_blame/before_main.cpp never_blame/shared_pointers.cpp
    never_blame/left_waiting.cpp never_blame/designs.cpp
    never_blame/pthread_programs.cpp never_blame/pthread_programs.c
    never_blame/pthread_synchronizers.c
    never_blame/c11_programs.cpp never_blame/c11_programs.c)
set(thread_local_sources
    thread_local_topics.cpp must_find/thread_locals.cpp never_blame/thread_locals.cpp)

set(corpus_flags -g1 -fno-omit-frame-pointer -fsanitize=thread
    -include ${CMAKE_CURRENT_SOURCE_DIR}/../include/interleave/weak_exchange.h)

# What gcc expands itself it does not instrument, and from -O2 on it leaves out a loop that does
# nothing but wait: then the program does not wait, and has no mistake to find.
set(seen_by_gcc -fno-builtin-memset -fno-builtin-memcpy -fno-builtin-memmove -fno-finite-loops)

# Everything instrumented once more, as the programs themselves: the driver's templates, too, may
# end up in an execution.
function(corpus_options target)
    target_compile_options(${target} PRIVATE
        ${corpus_flags} -O1 -Wall -Wextra -Wpedantic "$<$<CXX_COMPILER_ID:GNU>:-Wno-tsan;${seen_by_gcc}>")
    target_include_directories(${target} PRIVATE ../include)
    target_compile_features(${target} PRIVATE cxx_std_20)
endfunction()

add_library(explorer_corpus_driver STATIC corpus_driver.cpp apart.cpp)
corpus_options(explorer_corpus_driver)
add_library(explorer_corpus_programs OBJECT ${corpus_sources})
corpus_options(explorer_corpus_programs)
add_library(explorer_thread_local_programs OBJECT ${thread_local_sources})
corpus_options(explorer_thread_local_programs)

# The programs' objects come first, so that their instrumented templates win over any other copy.
function(corpus_executable name library)
    add_executable(${name} ${ARGN})
    set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX ENABLE_EXPORTS ON)
    target_link_libraries(${name} PRIVATE explorer_corpus_driver ${library} atomic)
endfunction()

function(corpus_test name label timeout)
    add_test(NAME ${name} COMMAND ${ARGN})
    # The driver keeps every processor busy by itself.
    cmake_host_system_information(RESULT processors QUERY NUMBER_OF_LOGICAL_CORES)
    set_tests_properties(${name} PROPERTIES
        LABELS ${label} TIMEOUT ${timeout} PROCESSORS ${processors})
endfunction()

corpus_executable(explorer_corpus_sampled interleave_explorer_fallback
    $<TARGET_OBJECTS:explorer_corpus_programs>)
corpus_executable(explorer_thread_locals_sampled interleave_explorer_fallback
    $<TARGET_OBJECTS:explorer_thread_local_programs>)
target_link_options(explorer_corpus_sampled PRIVATE -fsanitize=thread)
target_link_options(explorer_thread_locals_sampled PRIVATE -fsanitize=thread)
# Not among the short tests: what ThreadSanitizer cannot see of libraries (the owners of an exception,
# for one) it reports now and then.
corpus_test("explorer: the correct programs are clean on real threads" explorer-long 600
    explorer_corpus_sampled --blame --executions 10)
corpus_test("explorer: the correct programs with thread_local variables are clean on real threads"
    explorer-long 600 explorer_thread_locals_sampled --blame --executions 10)

if(NOT TARGET interleave_explorer)
    return()    # no port for this machine: there is nothing to hold the corpus against
endif()

corpus_executable(explorer_corpus interleave_explorer $<TARGET_OBJECTS:explorer_corpus_programs>)
corpus_test("explorer: every wrong program is found" tools 1200
    explorer_corpus --find --seeds 20)
corpus_test("explorer: no correct program is blamed" tools 1200
    explorer_corpus --blame --executions 20000)
corpus_test("explorer: the same seed tells the same story" tools 1200
    explorer_corpus --repeat)

corpus_executable(explorer_thread_locals interleave_explorer
    $<TARGET_OBJECTS:explorer_thread_local_programs>)
corpus_test("explorer: every wrong program with thread_local variables is found" tools 1200
    explorer_thread_locals --find --seeds 20)
corpus_test("explorer: no correct program with thread_local variables is blamed" tools 1200
    explorer_thread_locals --blame --executions 20000)
corpus_test("explorer: the same seed tells the same story of thread_local variables" tools 1200
    explorer_thread_locals --repeat)

# united(<result> <name> <source>...): the C++ programs of each folder as one translation unit, in
# half the time; what is left is compiled by itself.
function(united result name)
    set(sources "")
    foreach(source IN LISTS ARGN)
        if(source MATCHES "^(.+)/.+\\.cpp$")
            list(APPEND folders ${CMAKE_MATCH_1})
            string(APPEND includes_${CMAKE_MATCH_1}
                "#include \"${CMAKE_CURRENT_SOURCE_DIR}/${source}\"\n")
        else()
            list(APPEND sources ${CMAKE_CURRENT_SOURCE_DIR}/${source})
        endif()
    endforeach()
    list(REMOVE_DUPLICATES folders)
    foreach(folder IN LISTS folders)
        set(all ${CMAKE_CURRENT_BINARY_DIR}/${name}_${folder}.cpp)
        file(CONFIGURE OUTPUT ${all} CONTENT "${includes_${folder}}")
        list(APPEND sources ${all})
    endforeach()
    set(${result} ${sources} PARENT_SCOPE)
endfunction()
united(united_corpus explorer_corpus ${corpus_sources})
united(united_thread_locals explorer_thread_locals ${thread_local_sources})

# corpus_variant(<corpus> <C++ compiler> <C compiler> <level> <source>...): compiled by hand, as a
# build has only one compiler for a language.
function(corpus_variant corpus cxx cc level)
    find_program(program_${cxx} ${cxx})
    find_program(program_${cc} ${cc})
    if(NOT program_${cxx} OR NOT program_${cc})
        message(STATUS "The explorer's corpus is not built with ${cxx} and ${cc}: not installed.")
        return()
    endif()
    set(name ${corpus}_${cc}_${level})
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${name}.objects)
    foreach(source IN LISTS ARGN)
        get_filename_component(file ${source} NAME)
        get_filename_component(folder ${source} DIRECTORY)
        get_filename_component(folder ${folder} NAME)
        set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.objects/${folder}-${file}.o)
        if(source MATCHES "\\.c$")
            set(compiler ${program_${cc}} -std=gnu11)
        else()
            set(compiler ${program_${cxx}} -std=c++20)
        endif()
        if(cc STREQUAL "gcc")
            list(APPEND compiler ${seen_by_gcc})
        endif()
        add_custom_command(OUTPUT ${object}
            COMMAND ${compiler} ${corpus_flags} -${level} -w
                -I${CMAKE_CURRENT_SOURCE_DIR}/../include -MD -MF ${object}.d
                -c ${source} -o ${object}
            DEPENDS ${source} DEPFILE ${object}.d
            COMMENT "Compiling ${file} with ${cxx} -${level}" VERBATIM)
        list(APPEND objects ${object})
    endforeach()
    set_source_files_properties(${objects} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
    corpus_executable(${name} interleave_explorer ${objects})
    corpus_test("${corpus}, ${cxx} -${level}: every wrong program is found" explorer-long 7200
        ${name} --find --seeds 20 --limit 300)
    corpus_test("${corpus}, ${cxx} -${level}: no correct program is blamed" tools 1200
        ${name} --blame --executions 20000 --limit 300)
    set_property(GLOBAL APPEND PROPERTY INTERLEAVE_CORPUS_VARIANTS ${name})
endfunction()

set(of_this_build "clang++;clang")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(of_this_build "g++;gcc")
endif()
foreach(level IN ITEMS O0 O1 O2)
    foreach(compilers IN ITEMS "clang++;clang" "g++;gcc")
        if(level STREQUAL "O1" AND compilers STREQUAL of_this_build)
            continue()    # explorer_corpus itself
        endif()
        corpus_variant(explorer_corpus ${compilers} ${level} ${united_corpus})
        corpus_variant(explorer_thread_locals ${compilers} ${level} ${united_thread_locals})
    endforeach()
endforeach()
