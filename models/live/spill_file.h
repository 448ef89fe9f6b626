// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where segments go that fit no longer into memory (of a paused view, of a search's results): a
// file without a name, read back through a mapping, gone with the last segment that lies in it.
//
// Thread contract: one owner; the segments handed out are immutable and shared.
// Bound: `bytes_max` of file.
#pragma once

#include <memory>
#include <string>

#include "connectors/base/result.h"
#include "models/event/store/segment.h"

namespace weir {

class SpillFile {
  public:
    /// Makes the file in `folder` ("": the system's temporary one), readable by this user alone.
    /// `kept`: what is in it, for errors.
    static Result<std::unique_ptr<SpillFile>> create(const std::string& folder,
                                                     std::uint64_t bytes_max,
                                                     std::string kept = "the paused view");
    ~SpillFile();

    /// The same rows, lying in the file. Errors: TooLarge (over the bound), DiskFull, Io.
    /// REQUIRES: nobody writes to `segment` any more.
    Result<std::shared_ptr<const Segment>> spill(const Segment& segment);
    std::uint64_t bytes() const { return m_bytes; }

  private:
    SpillFile(int file, std::string folder, std::uint64_t bytes_max, std::string kept)
        : m_file(file)
        , m_folder(std::move(folder))
        , m_kept(std::move(kept))
        , m_bytes_max(bytes_max) {}
    Result<void> write(std::string_view bytes, std::uint64_t at) const;

    int m_file;
    std::string m_folder;
    std::string m_kept;
    std::uint64_t m_bytes_max;
    std::uint64_t m_bytes = 0; // used of the file, counted in whole blocks
};

} // namespace weir
