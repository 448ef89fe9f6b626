// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The truth beside generated events: a file, if somebody wants one.
// Thread contract: one owner.
#pragma once

#include <memory>

#include "app/cli/part_file.h"

namespace weir::cli {

class TruthOutput {
  public:
    /// Without a name nothing is written.
    explicit TruthOutput(const std::string& name)
        : m_file(name.empty() ? nullptr : std::make_unique<PartFile>(name)) {}
    /// Errors: PartFile's.
    Result<void> write(std::string_view lines) {
        return m_file ? m_file->write(lines) : Result<void>();
    }
    Result<void> finish() { return m_file ? m_file->finish() : Result<void>(); }

  private:
    std::unique_ptr<PartFile> m_file;
};

} // namespace weir::cli
