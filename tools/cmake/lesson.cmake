# One line per lesson in the root list:
#
#   lesson(01-lost-update counter.hpp [LIBRARIES CURL::libcurl])
#
# declares, in every preset, the solution's check as a program and each of its cases as a test,
# and the starter's expected failure as a test judged by the runner. Other answers are built by the
# runner itself, with the same flags: finish_lessons() writes them to recipe.json.
#
# In a ThreadSanitizer build the check of a lesson with the stage `interleavings` is linked twice:
# with the sanitizer's runtime, and with the explorer. The preset `explore` runs the tests of the
# second program, the preset `tsan` those of the first.

include(Catch)

# Flags of every check, in one place: CMake's targets and the runner's recipe both take them from
# this target. -O1 keeps stacks and lines true, and the sanitizer from watching every local
# variable; -O0 compiles in about 0.6 of its time. -g1 has the lines and costs half of -g.
add_library(check_options INTERFACE)
target_compile_options(
    check_options INTERFACE $<IF:$<BOOL:$<TARGET_PROPERTY:INTERLEAVE_UNOPTIMIZED>>,-O0,-O1> -g1
                            -fno-omit-frame-pointer -Wall -Wextra -Wpedantic)
# What the checks of this build have for the property: only those that are measured are optimized.
set(INTERLEAVE_UNOPTIMIZED ON)
if(INTERLEAVE_SANITIZER STREQUAL "thread")
    set(INTERLEAVE_UNOPTIMIZED OFF)
endif()
target_include_directories(check_options INTERFACE "${PROJECT_SOURCE_DIR}/checks")
# libstdc++'s own semaphore can sleep although its counter is positive (GCC bug 104928): it waits for
# a change of the value that it read before its last attempt. A right answer would hang now and then;
# with POSIX semaphores underneath it does not.
target_compile_definitions(check_options INTERFACE _GLIBCXX_USE_POSIX_SEMAPHORE)
# explore() is resolved by the linker: here the fallback, which repeats a scenario on real threads.
target_link_libraries(check_options INTERFACE Threads::Threads Catch2::Catch2
                                              interleave_explorer_fallback)
set(INTERLEAVE_LINK_OPTIONS "") # of every check, whatever it is linked with
if(INTERLEAVE_SANITIZER STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # What gcc expands itself it does not instrument: as calls they are seen.
    target_compile_options(check_options INTERFACE -Wno-tsan -fno-builtin-memset -fno-builtin-memcpy
                                                   -fno-builtin-memmove)
endif()
if(NOT APPLE)
    # Symbols of the executable are wanted in the stacks of a hang.
    list(APPEND INTERLEAVE_LINK_OPTIONS -rdynamic)
    find_program(INTERLEAVE_LLD ld.lld)
    if(INTERLEAVE_LLD)
        list(APPEND INTERLEAVE_LINK_OPTIONS -fuse-ld=lld)
    endif()
endif()
target_link_options(check_options INTERFACE ${INTERLEAVE_LINK_OPTIONS})
if(INTERLEAVE_SANITIZER)
    target_compile_options(check_options INTERFACE -fsanitize=${INTERLEAVE_SANITIZER})
    target_link_options(check_options INTERFACE -fsanitize=${INTERLEAVE_SANITIZER})
endif()
if(INTERLEAVE_SANITIZER STREQUAL "thread")
    # Clang leaves out a read that a write to the same place follows: the race is found all the same,
    # but `++count` would be told without the value that it read.
    include(CheckCXXCompilerFlag)
    check_cxx_compiler_flag("-mllvm -tsan-instrument-read-before-write=1" INTERLEAVE_TELLS_READS)
    if(INTERLEAVE_TELLS_READS)
        target_compile_options(check_options INTERFACE -mllvm -tsan-instrument-read-before-write=1)
    endif()
endif()

# Whether this build can link a check with the explorer. Without, [interleavings] cases are sampled
# on real threads in every preset.
set(INTERLEAVE_EXPLORES FALSE)
if(INTERLEAVE_EXPLORER AND TARGET interleave_explorer AND INTERLEAVE_SANITIZER STREQUAL "thread")
    set(INTERLEAVE_EXPLORES TRUE)
endif()

# The loopback server is a tool: a preset without tools takes that of the default preset.
set(INTERLEAVE_SERVER_READY "") # a test's property, where there is something to wait for
if(INTERLEAVE_TOOLS)
    set(server "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/loopback_server")
else()
    cmake_path(GET CMAKE_BINARY_DIR PARENT_PATH builds)
    set(server "${builds}/default/bin/loopback_server")
    set(INTERLEAVE_SERVER_READY FIXTURES_REQUIRED loopback_server)
    add_test(NAME "the loopback server is built"
             COMMAND "${PROJECT_SOURCE_DIR}/tools/interleave" --yes list)
    set_tests_properties("the loopback server is built" PROPERTIES
        FIXTURES_SETUP loopback_server TIMEOUT 1800 RUN_SERIAL TRUE)
endif()
set(INTERLEAVE_TEST_ENVIRONMENT
    "INTERLEAVE_SERVER=${server}"
    "TSAN_OPTIONS=io_sync=0 atexit_sleep_ms=0 history_size=7 report_bugs=1 detect_deadlocks=0 report_signal_unsafe=0"
    "ASAN_OPTIONS=detect_stack_use_after_return=1")

# Which stage a test of this preset stands for; shown in the tests' names.
if(INTERLEAVE_SANITIZER STREQUAL "thread")
    set(INTERLEAVE_STAGE race)
elseif(INTERLEAVE_SANITIZER STREQUAL "address")
    set(INTERLEAVE_STAGE lifetime)
else()
    set(INTERLEAVE_STAGE behaviour)
endif()

# Every check with its solution, and every one that is linked for the preset `explore`.
add_custom_target(solutions)
add_custom_target(explored)

function(lesson id answer)
    cmake_parse_arguments(arg "" "" "LIBRARIES" ${ARGN})
    if(NOT EXISTS "${PROJECT_SOURCE_DIR}/checks/${id}/check.cpp")
        message(FATAL_ERROR "Lesson ${id} has no checks/${id}/check.cpp.")
    endif()
    set_property(GLOBAL APPEND PROPERTY INTERLEAVE_LESSONS ${id})
    if(NOT BUILD_TESTING)
        return()
    endif()

    # The stages that lesson.toml names decide in which presets the lesson has tests.
    file(STRINGS "${PROJECT_SOURCE_DIR}/lessons/${id}/lesson.toml" stages
         REGEX "^(${INTERLEAVE_STAGE}|interleavings|speedup) *=")
    if(stages MATCHES "${INTERLEAVE_STAGE}")
        set(target ${id}.solution)
        add_executable(${target} "${PROJECT_SOURCE_DIR}/checks/${id}/check.cpp")
        if(stages MATCHES "speedup")
            compile_solution(${target} ${id} measured_recipe)
        else()
            compile_solution(${target} ${id} recipe)
        endif()
        target_link_libraries(${target} PRIVATE interleave_check ${arg_LIBRARIES})
        add_dependencies(solutions ${target})
        # Its [interleavings] cases are sampled here, on real threads.
        test_solution(${target} "${id}: " solution "~[speedup]")
        test_both_ways(${id} answers "the starter and the shipped answers get their declared verdicts"
                       ${INTERLEAVE_STAGE})
    endif()
    if(stages MATCHES "interleavings" AND INTERLEAVE_SANITIZER STREQUAL "thread")
        explored_solution(${id} ${arg_LIBRARIES})
    endif()
endfunction()

# The solution's check linked with the explorer: the tests of the preset `explore`.
function(explored_solution id)
    set(target ${id}.explored)
    set(how explored)
    if(INTERLEAVE_EXPLORES)
        add_library(${id}.object OBJECT "${PROJECT_SOURCE_DIR}/checks/${id}/check.cpp")
        compile_solution(${id}.object ${id} recipe)
        target_link_libraries(${id}.object PRIVATE interleave_check)
        # By their files: the targets would bring the sanitizer's runtime with them.
        add_executable(${target} $<TARGET_OBJECTS:${id}.object>)
        add_dependencies(${target} interleave_check)
        set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
        target_link_options(${target} PRIVATE ${INTERLEAVE_LINK_OPTIONS})
        target_link_libraries(${target} PRIVATE $<TARGET_FILE:interleave_check> interleave_explorer
                                                Catch2::Catch2 ${ARGN})
    else()
        set(how sampled)
        add_executable(${target} "${PROJECT_SOURCE_DIR}/checks/${id}/check.cpp")
        compile_solution(${target} ${id} recipe)
        target_link_libraries(${target} PRIVATE interleave_check ${ARGN})
    endif()
    add_dependencies(explored ${target})
    test_solution(${target} "${id}, ${how}: " interleavings "[interleavings]")
    # A race or a sequential mistake outranks or precedes what exploring finds, so the stages that
    # see them belong to the proof.
    test_both_ways(${id} interleavings "the starter and the shipped answers, in every interleaving"
                   behaviour,race,interleavings)
endfunction()

# Compiled as the runner compiles an answer by the recipe of that name.
function(compile_solution target id how)
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/solutions/${id}")
    compile_by(${target} ${how})
    target_compile_options(${target} PRIVATE -Werror)
endfunction()

# One test a case.
function(test_solution target prefix label cases)
    catch_discover_tests(
        ${target}
        DISCOVERY_MODE PRE_TEST # a build must not fail because a sanitizer cannot start
        TEST_SPEC "${cases}"
        TEST_PREFIX "${prefix}"
        PROPERTIES
            LABELS ${label}
            TIMEOUT 300
            ${INTERLEAVE_SERVER_READY}
            ENVIRONMENT "${INTERLEAVE_TEST_ENVIRONMENT}")
endfunction()

# Expected failures are judged by the runner: CMake's WILL_FAIL cannot tell a race from a crash.
function(test_both_ways id label sentence stages)
    set(compiler clang)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        set(compiler gcc)
    endif()
    add_test(NAME "${id}: ${sentence}"
             COMMAND "${PROJECT_SOURCE_DIR}/tools/interleave" --yes verify ${id} --stage ${stages}
                     --compiler ${compiler})
    set_tests_properties("${id}: ${sentence}" PROPERTIES LABELS ${label} TIMEOUT 1800 RUN_SERIAL
                                                         TRUE)
endfunction()

# The parts an answer is built from, and how: read by tools/runner.
function(finish_lessons)
    add_custom_target(parts DEPENDS interleave_check recipe measured_recipe)
    get_property(catch2 GLOBAL PROPERTY INTERLEAVE_Catch2_VERSION)
    get_property(curl GLOBAL PROPERTY INTERLEAVE_CURL_VERSION)
    # The objects of the ThreadSanitizer build, linked with the explorer in place of its runtime.
    set(explored "")
    set(whole_program "")
    set(explorer_parts "")
    if(INTERLEAVE_EXPLORES)
        set(explored "\"$<TARGET_FILE:interleave_check>\", \"$<TARGET_FILE:interleave_explorer>\", \"$<TARGET_FILE:Catch2::Catch2>\", \"-pthread\", \"-ldl\", \"-Wl,-z,now\"")
        add_executable(explorer_probe EXCLUDE_FROM_ALL
            "${PROJECT_SOURCE_DIR}/checks/support/explorer_probe.cpp")
        target_compile_options(explorer_probe PRIVATE -O1 -g1 -fsanitize=thread)
        target_link_libraries(explorer_probe PRIVATE interleave_explorer)
        set(explorer_parts interleave_explorer interleave_explorer_main explorer_probe)
        set(whole_program "\"$<TARGET_FILE:interleave_explorer_main>\", \"-Wl,--wrap=main\"")
    endif()
    add_dependencies(parts interleave_explorer_fallback ${explorer_parts})

    # Only a check that fetches pays for loading libcurl.
    set(as_needed "")
    if(NOT APPLE)
        set(as_needed "\"-Wl,--as-needed\", ")
    endif()
    file(
        GENERATE
        OUTPUT "${CMAKE_BINARY_DIR}/recipe.json"
        CONTENT
            "{
  \"compiler\": \"${CMAKE_CXX_COMPILER}\",
  \"compiler_id\": \"${CMAKE_CXX_COMPILER_ID}\",
  \"compiler_version\": \"${CMAKE_CXX_COMPILER_VERSION}\",
  \"sanitizer\": \"${INTERLEAVE_SANITIZER}\",
  \"catch2_version\": \"${catch2}\",
  \"curl_version\": \"${curl}\",
  \"compile_commands\": \"${CMAKE_BINARY_DIR}/compile_commands.json\",
  \"template_source\": \"${PROJECT_SOURCE_DIR}/checks/support/recipe.cpp\",
  \"measured_template_source\": \"${PROJECT_SOURCE_DIR}/checks/support/measured_recipe.cpp\",
  \"link_options\": [\"$<JOIN:$<TARGET_PROPERTY:check_options,INTERFACE_LINK_OPTIONS>,\",\">\"],
  \"libraries\": [\"$<TARGET_FILE:interleave_check>\", \"$<TARGET_FILE:Catch2::Catch2>\", \"$<TARGET_FILE:interleave_explorer_fallback>\", \"-pthread\", ${as_needed}\"$<TARGET_LINKER_FILE:CURL::libcurl>\"],
  \"explored_libraries\": [${explored}],
  \"explorer_include\": \"${PROJECT_SOURCE_DIR}/tools/explorer/include\",
  \"explorer_library\": \"$<IF:$<BOOL:${INTERLEAVE_EXPLORES}>,$<TARGET_FILE:interleave_explorer>,$<TARGET_FILE:interleave_explorer_fallback>>\",
  \"whole_program\": [${whole_program}]
}
")
endfunction()
