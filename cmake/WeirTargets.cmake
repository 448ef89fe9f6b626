# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
# How every target of this project is made: the language, the warnings, the sanitizers.
include_guard()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_AUTOMOC ON)
set(CMAKE_AUTORCC ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(WEIR_CCACHE ccache)
if(WEIR_CCACHE)
    # Paths are hashed relative to the checkout, so that two checkouts share their objects.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        ${WEIR_CCACHE})
endif()

add_library(weir_options INTERFACE)
# Designated initialisers leave the other members at their defaults on purpose.
target_compile_options(weir_options INTERFACE
    -Wall -Wextra -Wconversion $<$<NOT:$<BOOL:${WEIR_UNITY}>>:-Wshadow> $<$<BOOL:${WEIR_WERROR}>:-Werror>
    -Wno-missing-field-initializers -fno-omit-frame-pointer)
target_compile_definitions(weir_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_KEYWORDS QT_USE_QSTRINGBUILDER
    QT_DISABLE_DEPRECATED_BEFORE=0x060400 WEIR_VERSION="${PROJECT_VERSION}")
target_include_directories(weir_options INTERFACE "${CMAKE_SOURCE_DIR}")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND WEIR_PCH)
    target_compile_options(weir_options INTERFACE -fpch-preprocess)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees overlapping and endless copies in inlined std::string (its bugs 105329, 105651).
    target_compile_options(weir_options INTERFACE -Wno-restrict -Wno-stringop-overflow
        $<$<CONFIG:Release>:-Wno-array-bounds>)
    # At -O3 it takes an empty std::optional's storage for read (its bug 80635).
    target_compile_options(weir_options INTERFACE
        $<$<CONFIG:Release>:-Wno-maybe-uninitialized>)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND WEIR_SANITIZE)
    # GCC 12 reports values as maybe uninitialised, and copies as too long, that only the
    # sanitizer's own code hides from it.
    target_compile_options(weir_options INTERFACE -Wno-maybe-uninitialized -Wno-array-bounds
        -Wno-stringop-overread)
endif()
if(WEIR_SANITIZE)
    target_compile_options(weir_options INTERFACE
        -fsanitize=${WEIR_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(weir_options INTERFACE -fsanitize=${WEIR_SANITIZE})
endif()
find_program(WEIR_MOLD mold)
if(WEIR_MOLD)
    target_link_options(weir_options INTERFACE -fuse-ld=mold) # a hundred tests are linked
endif()
if(WEIR_FUZZ)
    target_compile_options(weir_options INTERFACE
        -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
    target_link_options(weir_options INTERFACE -fsanitize=address,undefined)
endif()

# weir_whole_folders(TARGET sources...): with WEIR_UNITY, the sources of a folder are compiled as one,
# which takes a third of the time and is what is shipped. So names in a folder's unnamed namespaces
# are unique in that folder.
function(weir_whole_folders target)
    if(NOT WEIR_UNITY)
        return()
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # It takes the unnamed namespace of a source that is included for a header's.
        target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endif()
    # Not CMake's own UNITY_BUILD: it writes absolute paths, and no other checkout could use what
    # ccache keeps.
    set(folders "")
    foreach(source ${ARGN})
        get_source_file_property(alone ${source} SKIP_UNITY_BUILD_INCLUSION)
        if(source MATCHES "\\.cpp$" AND NOT alone)
            set_source_files_properties(${source} PROPERTIES HEADER_FILE_ONLY ON)
            cmake_path(RELATIVE_PATH source BASE_DIRECTORY "${CMAKE_SOURCE_DIR}")
            cmake_path(GET source PARENT_PATH folder)
            string(REPLACE "/" "_" folder "${folder}")
            list(APPEND folders ${folder})
            string(APPEND includes_of_${folder} "#include \"${source}\"\n")
        endif()
    endforeach()
    list(REMOVE_DUPLICATES folders)
    foreach(folder ${folders})
        set(whole "${CMAKE_BINARY_DIR}/folders/${folder}.cpp")
        file(CONFIGURE OUTPUT "${whole}" CONTENT "${includes_of_${folder}}" @ONLY)
        target_sources(${target} PRIVATE "${whole}")
    endforeach()
endfunction()

# weir_library(NAME sources...): static, or shared with WEIR_SHARED.
function(weir_library name)
    if(WEIR_SHARED)
        add_library(${name} SHARED ${ARGN})
        # Compiled as for a static one: what ccache keeps is good for both.
        set_property(TARGET ${name} PROPERTY DEFINE_SYMBOL "")
    else()
        add_library(${name} STATIC ${ARGN})
    endif()
endfunction()

# weir_not_hot(TARGET): what waits for people and for others is not optimised under a sanitizer, where it
# would take more than twice the time to compile.
function(weir_not_hot target)
    if(WEIR_SANITIZE)
        target_compile_options(${target} PRIVATE -O0)
    endif()
endfunction()

# weir_folder(NAME PUBLIC libs... PRIVATE libs...): a library of all sources below NAME/.
function(weir_folder name)
    cmake_parse_arguments(ARG "" "" "PUBLIC;PRIVATE" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${name}/*.cpp"
        "${CMAKE_SOURCE_DIR}/${name}/*.h" "${CMAKE_SOURCE_DIR}/${name}/*.qrc")
    weir_library(${name} ${sources})
    target_link_libraries(${name} PUBLIC weir_options ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
    weir_whole_folders(${name} ${sources})
    if(WEIR_PCH)
        target_precompile_headers(${name} PRIVATE <cmake/pch_core.h>)
        if(name STREQUAL "widgets")
            target_precompile_headers(${name} PRIVATE <cmake/pch_widgets.h>)
        endif()
    endif()
    if(name STREQUAL "widgets")
        weir_not_hot(${name})
    endif()
endfunction()
