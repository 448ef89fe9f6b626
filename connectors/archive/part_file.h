// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file that has its name only once it is whole; until then it is NAME.part, and what is not
// finished is gone.
// Thread contract: one owner.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "connectors/base/result.h"

namespace weir {

class PartFile {
  public:
    explicit PartFile(std::string name);
    ~PartFile();
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    /// Errors of all: Io (also that it could not be opened), DiskFull.
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
    const std::string m_part;
    std::FILE* m_file;
    const int m_not_opened; // why, as errno has it; 0: it was
    State m_state = State::Open;
};

} // namespace weir
