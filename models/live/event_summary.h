// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An event in a few words: "129.0 EUR · order 858454", else the first of its properties.
// Thread contract: pure functions. Bound: five parts of 64 bytes.
#pragma once

#include <string>

#include "models/event/json/json_tape.h"

namespace weir {

/// REQUIRES: the tape holds a value. Numbers keep their digits.
std::string event_summary(const JsonTape& tape);

} // namespace weir
