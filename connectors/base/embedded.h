// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The text files of resources/ that are part of the binary (schemas, dialects, the demo's
// workspace), so that Weir runs from any folder. CMake makes the source (cmake/WeirEmbed.cmake).
// Thread contract: constant data.
#pragma once

#include <cstddef>
#include <string_view>

namespace weir {

struct EmbeddedFile {
    std::string_view path; // from the root of the tree, e.g. "resources/workspace.schema.json"
    std::string_view text;
};

struct EmbeddedFiles {
    const EmbeddedFile* first;
    std::size_t count;
    const EmbeddedFile* begin() const { return first; }
    const EmbeddedFile* end() const { return first + count; }
};

/// All of them, sorted by path.
EmbeddedFiles embedded_files();

/// The text of one file; empty if there is none of that path.
std::string_view embedded_file(std::string_view path);

} // namespace weir
