// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The window's own icons: line drawings on a 16 px grid (resources/icons), tinted with a colour of
// the theme when they are drawn, so that they follow light and dark and stay sharp at any scale.
// Thread contract: GUI thread only. Bound: Qt's pixmap cache.
#pragma once

#include <QIcon>

#include "widgets/common/theme.h"

namespace weir {

enum class Icon {
    Add,
    Alarm, // the triangle that goes with red
    Back,
    Backlog,
    Catalogue,
    Check,
    ChevronDown,
    Clock,
    Close,
    Columns,
    Copy,
    Details,
    Export,
    Filter,
    Folder,
    Forward,
    Help,
    Info,
    Invalid,
    Jump,
    Key,
    Live,
    Lock,
    Overview,
    Pause,
    Play,
    Plug,
    Search,
    Settings,
    Star,
    Stop,
    Theme,
    Weir, // the mark
    Zone,
};

/// Follows the theme: drawn in `token`'s colour of the moment, muted where disabled.
QIcon icon(Icon which, Token token = Token::Muted);

} // namespace weir
