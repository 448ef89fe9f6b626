// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `weir screenshot VIEW FILE.png`: the window, drawn without a display, as a picture; or all views,
// in light and dark, of one window.
// Thread contract: the main thread, once a process (it makes the QApplication).
#pragma once

#include "app/gui/run_window.h"

namespace weir {

struct ScreenshotOptions {
    std::string file;      // .png, written whole or not at all; of all views: the folder
    std::string theme;     // "light", "dark" or "system"; all views: both of the first
    int width = 1440;      // in points, 640 to 7680
    int height = 900;      // 480 to 4320
    double scale = 1;      // pixels a point, 1 to 4
    int wait_ms = 15'000;  // at most, for something to see
    int settle_ms = 1'500; // of stream to let in after that; of all views: before the first
};

/// Draws `start.view`; "welcome" is the welcome page, "all" each view as VIEW-THEME.png. The
/// picture is taken when the view has something to show. Errors: Usage (no such view, sizes),
/// Timeout (nothing to show; with the reason the window shows), Io, and those of opening and
/// connecting.
Result<void> take_screenshot(WindowStart start, const ScreenshotOptions& options);

} // namespace weir
