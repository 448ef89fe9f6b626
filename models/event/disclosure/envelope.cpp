// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/envelope.h"

#include "models/event/decode/dialect.h"

namespace weir {

namespace {

using Said = FieldClasses::Said;

/// "a.b.c" as a pointer.
std::string pointer_of(const std::vector<std::string>& keys) {
    std::string pointer;
    for (const std::string& key : keys)
        pointer += member_step(key);
    return pointer;
}

} // namespace

std::unique_ptr<FieldClasses> envelope_of(const Dialect& dialect) {
    if (dialect.original.empty())
        return nullptr;
    auto around = std::make_unique<FieldClasses>();
    for (const std::string& text : dialect.original) {
        const auto path = FieldPath::parse(text);
        if (path && !path->header)
            around->say(pointer_of(path->keys), holds_base64(text) ? Said::Personal : Said::Event,
                        encoded_event);
    }
    const auto quotes = [&](const char* field, const char* below) {
        for (const std::string& text : dialect.paths(field))
            if (const auto path = FieldPath::parse(text); path && !path->header)
                around->say(pointer_of(path->keys) + below, Said::Quotes);
    };
    quotes("message", "");
    for (const char* quoting : {"/*/found", "/*/expected"})
        quotes("violations", quoting);
    return around;
}

} // namespace weir
