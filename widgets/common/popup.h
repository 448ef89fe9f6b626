// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the window's popups have in common: their frame, and where they appear.
// Thread contract: GUI thread only.
#pragma once

class QFrame;
class QWidget;

namespace weir {

void frame_popup(QFrame* popup);
/// Below the button, or above it where there is no room, within its screen.
void show_at(QFrame* popup, QWidget* button);

} // namespace weir
