// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file that has its name only once it is whole; until then it is NAME.part, or of a name of its
// own, and what is not finished is gone.
// Thread contract: one owner.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "connectors/base/result.h"

namespace weir {

class PartFile {
  public:
    enum class Part {
        Named, // NAME.part: what a process left that was killed, the next one overwrites
        Own,   // of a name that nobody else has, and nobody else may read it, for who writes what
               // others may write at the same time: the last one to finish is whole
    };
    explicit PartFile(std::string name, Part part = Part::Named);
    ~PartFile();
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    /// Errors of all, also that it could not be opened: DiskFull, NotPermitted, Io.
    Result<void> write(std::string_view bytes);
    /// Whole and on the disk, still without its name.
    Result<void> close();
    /// On the disk, and under its name.
    Result<void> finish();

    const std::string& name() const { return m_name; }

  private:
    enum class State { Open, Closed, Finished };
    Error failed() const;
    Result<void> sync_folder() const;

    const std::string m_name;
    std::string m_part;
    std::FILE* m_file;
    const int m_not_opened; // why, as errno has it; 0: it was
    State m_state = State::Open;
};

} // namespace weir
