// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

std::string_view StageInput::header(std::string_view name) const {
    for (std::size_t i = record.header_count; i-- > 0;)
        if (headers[i].name == name)
            return headers[i].value;
    return {};
}

std::string_view to_word(FilterKind kind) {
    switch (kind) {
    case FilterKind::SameBytes:
        return "duplicate_same_bytes";
    case FilterKind::SameId:
        return "duplicate_same_id";
    case FilterKind::BusinessKey:
        return "duplicate_business_key";
    case FilterKind::Consent:
        return "consent";
    case FilterKind::NotForUs:
        return "not_for_us";
    case FilterKind::Loaded:
        return "already_loaded";
    }
    return "";
}

} // namespace weir::sandbox
