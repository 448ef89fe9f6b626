// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands around the event in a dead letter: where the event begins, which members may quote
// from it, and which hold it encoded (base64), so that it is known as a whole only and masked
// whole.
//
// Thread contract: pure function. Bound: the dialect's paths.
#pragma once

#include <memory>

#include "models/event/disclosure/field_classes.h"

namespace weir {

struct Dialect;

/// Null: its events have no envelope.
std::unique_ptr<FieldClasses> envelope_of(const Dialect& dialect);

} // namespace weir
