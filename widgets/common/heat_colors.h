// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The seven steps of a heatmap: in the light theme darker is more, in the dark one brighter is.
// Thread contract: GUI thread only.
#pragma once

#include <QColor>

#include <array>

#include "widgets/common/theme.h"

namespace weir {

inline constexpr int heat_steps = 7;

/// REQUIRES: 0 <= step < heat_steps.
inline QColor heat_color(int step) {
    // The lowest steps stand out from the ground: a single slow event must be seen.
    static constexpr std::array<QRgb, heat_steps> light{
        0xFFDCE6F8, 0xFFBCCFF1, 0xFF96B4EA, 0xFF6892E0, 0xFF3B6FD4, 0xFF2448A0, 0xFF122C66};
    static constexpr std::array<QRgb, heat_steps> dark{
        0xFF243A5C, 0xFF2B4A78, 0xFF345D96, 0xFF3F73BA, 0xFF4A88DE, 0xFF8CB6F0, 0xFFD6E6FF};
    return QColor::fromRgb((Theme::is_dark() ? dark : light)[static_cast<std::size_t>(step)]);
}

} // namespace weir
