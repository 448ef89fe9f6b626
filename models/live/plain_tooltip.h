// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text for a tooltip, of a widget or of a model's ToolTipRole.
// Thread contract: a pure function. Bound: tooltip_chars_max, and what escaping adds.
#pragma once

#include <QString>

namespace weir {

inline constexpr qsizetype tooltip_chars_max = 2000;

/// A tooltip shows what looks like markup as markup; this shows any text as it is (law 7). What is
/// longer than tooltip_chars_max ends in "…"; "" stays "".
QString plain_tooltip(const QString& text);

} // namespace weir
