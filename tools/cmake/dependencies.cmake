# The libraries the suite is built on. An installed one is taken if it is new enough; otherwise a
# pinned release is fetched, which needs a network. After include(dependencies) these exist:
#
#   Catch2::Catch2  Catch2::Catch2WithMain  CURL::libcurl                    checks and lessons
#   CLI11::CLI11  fmt::fmt  nlohmann_json::nlohmann_json
#   tomlplusplus::tomlplusplus  interleave::libevent                         tools
#
# With INTERLEAVE_TOOLS=OFF only the first line is looked for.
# FETCHCONTENT_TRY_FIND_PACKAGE_MODE=NEVER ignores what is installed, as it does in FetchContent;
# FETCHCONTENT_SOURCE_DIR_<NAME> builds one from a folder of your own.

include_guard(GLOBAL)
include(FetchContent)
find_package(PkgConfig QUIET)

# interleave_dependency(<package> [<find_package argument>...]
#                       URL <archive> SHA256 <hash> [OPTIONS <name>=<value>...])
# Finds the package, or fetches it with these options of its build set.
function(interleave_dependency package)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "URL;SHA256" "OPTIONS")
    interleave_may_find(${package} may_find)
    if(may_find)
        find_package(${package} ${arg_UNPARSED_ARGUMENTS} QUIET)
    endif()
    if(${package}_FOUND)
        interleave_say_found(${package})
    else()
        interleave_fetch(${package} ${arg_URL} ${arg_SHA256} ${arg_OPTIONS})
        if(package STREQUAL "Catch2")
            list(APPEND CMAKE_MODULE_PATH "${catch2_SOURCE_DIR}/extras")
        endif()
    endif()
    # For include(Catch): an installed Catch2 has added its folder itself.
    set(CMAKE_MODULE_PATH "${CMAKE_MODULE_PATH}" PARENT_SCOPE)
endfunction()

# libevent installs no usable CMake package everywhere, but a pkg-config file.
function(interleave_dependency_libevent minimum)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "URL;SHA256" "OPTIONS")
    interleave_may_find(libevent may_find)
    if(may_find AND PKG_CONFIG_FOUND)
        pkg_check_modules(LIBEVENT QUIET IMPORTED_TARGET "libevent>=${minimum}")
    endif()
    add_library(interleave_libevent INTERFACE)
    add_library(interleave::libevent ALIAS interleave_libevent)
    if(TARGET PkgConfig::LIBEVENT)
        message(STATUS "libevent: found ${LIBEVENT_VERSION} in ${LIBEVENT_LIBDIR}")
        target_link_libraries(interleave_libevent INTERFACE PkgConfig::LIBEVENT)
    else()
        interleave_fetch(libevent ${arg_URL} ${arg_SHA256} ${arg_OPTIONS})
        target_link_libraries(interleave_libevent INTERFACE event_core_static event_extra_static)
        target_include_directories(interleave_libevent SYSTEM INTERFACE
            ${libevent_SOURCE_DIR}/include ${libevent_BINARY_DIR}/include)
    endif()
endfunction()

# Sets `result` to whether an installed `package` may be taken.
function(interleave_may_find package result)
    string(TOUPPER ${package} upper)
    if(FETCHCONTENT_TRY_FIND_PACKAGE_MODE STREQUAL "NEVER" OR FETCHCONTENT_SOURCE_DIR_${upper})
        set(${result} FALSE PARENT_SCOPE)
    else()
        set(${result} TRUE PARENT_SCOPE)
    endif()
endfunction()

function(interleave_say_found package)
    set(version "${${package}_VERSION}")
    if(NOT version)
        set(version "${${package}_VERSION_STRING}")
    endif()
    set(where "${${package}_DIR}")
    if(NOT where)
        list(GET ${package}_LIBRARIES 0 where)
    endif()
    message(STATUS "${package}: found ${version} in ${where}")
    # For `doctor`, by way of recipe.json.
    set_property(GLOBAL PROPERTY INTERLEAVE_${package}_VERSION "${version}")
endfunction()

# The options are plain variables of this function: nothing of them leaks into our own targets.
function(interleave_fetch package url sha256)
    string(TOLOWER ${package} lower)
    string(TOUPPER ${package} upper)
    if(FETCHCONTENT_SOURCE_DIR_${upper})
        message(STATUS "${package}: taken from ${FETCHCONTENT_SOURCE_DIR_${upper}}")
    else()
        message(STATUS "${package}: not installed, fetching ${url}")
        message(STATUS "    Without a network: `tools/interleave setup` installs what is missing.")
    endif()
    foreach(option IN LISTS ARGN)
        string(REGEX MATCH "^([^=]+)=(.*)$" matched ${option})
        set(${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
    endforeach()
    set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)    # option() respects the plain variables set above,
    set(CMAKE_POLICY_VERSION_MINIMUM 3.5)    # also in a project older than CMake 4 would take
    set(CMAKE_WARN_DEPRECATED FALSE)
    set(BUILD_SHARED_LIBS FALSE)
    set(BUILD_TESTING FALSE)
    FetchContent_Declare(${package} URL ${url} URL_HASH SHA256=${sha256}
        DOWNLOAD_EXTRACT_TIMESTAMP FALSE SYSTEM)
    FetchContent_MakeAvailable(${package})
    set(${lower}_SOURCE_DIR "${${lower}_SOURCE_DIR}" PARENT_SCOPE)
    set(${lower}_BINARY_DIR "${${lower}_BINARY_DIR}" PARENT_SCOPE)
endfunction()

interleave_dependency(Catch2 3
    URL https://github.com/catchorg/Catch2/archive/refs/tags/v3.7.1.tar.gz
    SHA256 c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c)

interleave_dependency(CURL 7.68
    URL https://github.com/curl/curl/releases/download/curl-8_8_0/curl-8.8.0.tar.xz
    SHA256 0f58bb95fc330c8a46eeb3df5701b0d90c9d9bfcc42bd1cd08791d12551d4400
    OPTIONS BUILD_CURL_EXE=OFF CURL_ENABLE_SSL=OFF CURL_ZLIB=OFF CURL_USE_LIBPSL=OFF
            CURL_USE_LIBSSH2=OFF HTTP_ONLY=ON USE_LIBIDN2=OFF USE_NGHTTP2=OFF)

# A build of the checks alone (the sanitized presets) needs none of the tools' libraries.
if(DEFINED INTERLEAVE_TOOLS AND NOT INTERLEAVE_TOOLS)
    return()
endif()

interleave_dependency(CLI11 2.1
    URL https://github.com/CLIUtils/CLI11/archive/v2.4.2.tar.gz
    SHA256 f2d893a65c3b1324c50d4e682c0cdc021dd0477ae2c048544f39eed6654b699a
    OPTIONS CLI11_BUILD_DOCS=OFF CLI11_BUILD_TESTS=OFF CLI11_BUILD_EXAMPLES=OFF)

interleave_dependency(fmt 9
    URL https://github.com/fmtlib/fmt/archive/refs/tags/9.1.0.tar.gz
    SHA256 5dea48d1fcddc3ec571ce2058e13910a0d4a6bab4cc09a809d8b1dd1c88ae6f2)

interleave_dependency(nlohmann_json 3.11
    URL https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
    SHA256 d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d)

interleave_dependency(tomlplusplus 3
    URL https://github.com/marzer/tomlplusplus/archive/refs/tags/v3.4.0.tar.gz
    SHA256 8517f65938a4faae9ccf8ebb36631a38c1cadfb5efa85d9a72e15b9e97d25155)

interleave_dependency_libevent(2.1
    URL https://github.com/libevent/libevent/releases/download/release-2.1.12-stable/libevent-2.1.12-stable.tar.gz
    SHA256 92e6de1be9ec176428fd2367677e61ceffc2ee1cb119035037a27d346b0403bb
    OPTIONS EVENT__LIBRARY_TYPE=STATIC EVENT__DISABLE_OPENSSL=ON EVENT__DISABLE_TESTS=ON
            EVENT__DISABLE_REGRESS=ON EVENT__DISABLE_BENCHMARK=ON EVENT__DISABLE_SAMPLES=ON
            EVENT__DISABLE_MBEDTLS=ON)
