// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The truth beside generated events: a file, if somebody wants one.
// Thread contract: one owner.
#pragma once

#include <memory>

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "connectors/archive/part_file.h"

namespace weir::cli {

class TruthOutput {
  public:
    /// By --truth; without it nothing is written.
    TruthOutput(const Arguments& arguments, Console& console)
        : m_file(arguments.has("truth") ? std::make_unique<PartFile>(arguments.value("truth"))
                                        : nullptr) {
        if (m_file && arguments.has("topic"))
            console.say("weir: a topic takes events unjudged; the truth tells what becomes of them "
                        "behind a collector (--collect)");
    }
    /// Errors: PartFile's.
    Result<void> write(std::string_view lines) {
        return m_file ? m_file->write(lines) : Result<void>();
    }
    Result<void> finish() { return m_file ? m_file->finish() : Result<void>(); }

  private:
    std::unique_ptr<PartFile> m_file;
};

} // namespace weir::cli
