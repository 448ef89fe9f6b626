// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of all views, in the order of the rail. A new view is one folder of widgets/ and one
// line in views.cpp. Thread contract: GUI thread only.
#pragma once

#include <vector>

#include "widgets/common/view.h"
#include "widgets/common/view_context.h"

namespace weir {

class SessionHost;

struct ViewEntry {
    const char* id;
    View* (*make)(SessionHost& host, ViewContext& context, QWidget* parent);
};

const std::vector<ViewEntry>& view_entries();

} // namespace weir
