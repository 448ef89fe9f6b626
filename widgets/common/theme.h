// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one palette: every colour and font of the window comes from here, by the role it plays.
// Thread contract: GUI thread only.
#pragma once

#include <QColor>
#include <QFont>
#include <QString>

namespace weir {

enum class Token {
    Background,
    Surface,
    Surface2,
    Border,
    Grid,
    Text,
    Muted,
    Accent,
    AccentSoft,
    OnAccent,
    Red,
    RedSoft,
    Amber,
    AmberSoft,
    Green,
    GreenSoft,
    Series1,
    Series2,
    Series3,
    Series4,
    Series5,
};

enum class ThemeChoice { System, Light, Dark };

class Theme {
  public:
    /// Applies style, palette, fonts and style sheet to the application; views repaint by
    /// themselves (QEvent::PaletteChange). System follows the desktop from then on. REQUIRES: a
    /// QApplication.
    static void apply(ThemeChoice choice);
    static ThemeChoice choice();
    /// "system", "light", "dark", as in settings and on the command line; else System.
    static ThemeChoice choice_from(const QString& word);
    static QString word(ThemeChoice choice);
    static bool is_dark();

    static QColor color(Token token);
    static QFont ui_font(int pixel_size = 13, int weight = QFont::Normal);
    static QFont mono_font(int pixel_size = 12, int weight = QFont::Normal);
    /// The colour of data series `index` (from 0); after the fifth they begin again.
    static QColor series(int index);

    static constexpr int row_height = 26;
    static constexpr int bar_height = 30;
    static constexpr int gap = 12;
    static constexpr int card_radius = 6;
};

} // namespace weir
