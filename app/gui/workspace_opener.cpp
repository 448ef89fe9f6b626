// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/run_window.h"

namespace weir {

SessionMaker workspace_opener(const std::string& file, SessionFactory make_session) {
    return [file, make = std::move(make_session)]() -> Result<std::unique_ptr<Session>> {
        Result<Workspace> workspace = Workspace::load(file);
        if (!workspace)
            return workspace.error();
        return make(std::move(*workspace), {});
    };
}

} // namespace weir
