# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Text files of resources/ as part of the binary, found again by connectors/base/embedded.h.
include_guard()

# weir_embed(TARGET pattern...): patterns are relative to the root of the tree. A file that is
# changed, added or removed makes the source anew; one that is not leaves it alone.
function(weir_embed target)
    list(TRANSFORM ARGN PREPEND "${CMAKE_SOURCE_DIR}/")
    file(GLOB files CONFIGURE_DEPENDS ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
    set(entries "")
    foreach(file IN LISTS files)
        file(READ "${file}" text)
        cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${CMAKE_SOURCE_DIR}")
        string(APPEND entries "    {\"${file}\", R\"weir_file(${text})weir_file\"},\n")
    endforeach()
    set(source "${CMAKE_BINARY_DIR}/embedded_files.cpp")
    file(WRITE "${source}.new" "#include \"connectors/base/embedded.h\"\n\n"
        "namespace weir {\nnamespace {\nconst EmbeddedFile files[] = {\n${entries}};\n}\n\n"
        "EmbeddedFiles embedded_files() {\n"
        "    return {files, sizeof(files) / sizeof(files[0])};\n}\n} // namespace weir\n")
    file(COPY_FILE "${source}.new" "${source}" ONLY_IF_DIFFERENT)
    target_sources(${target} PRIVATE "${source}")
endfunction()
