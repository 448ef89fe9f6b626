// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A text that a regular expression of ECMA-262 finds: for the common ones (characters, classes,
// groups, alternatives, counts, anchors at the ends). Whoever asks checks what comes out.
// Thread contract: a pure function. Bound: 10,000 characters, nesting of 50 groups.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::synth {

/// What may repeat is repeated `more` times beyond what it has to. Nullopt: the expression holds
/// what is not known here.
std::optional<std::string> pattern_sample(std::string_view pattern, std::size_t more);

} // namespace weir::synth
