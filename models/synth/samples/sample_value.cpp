// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/samples/sample_value.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "models/workspace/schema_check.h"

namespace weir::synth {

SampleValue SampleValue::of(JsonKind kind) {
    SampleValue value;
    value.kind = kind;
    return value;
}

SampleValue SampleValue::string(std::string text) {
    SampleValue value = of(JsonKind::String);
    value.text = std::move(text);
    return value;
}

SampleValue SampleValue::number(std::string digits) {
    SampleValue value = of(JsonKind::Number);
    value.text = std::move(digits);
    return value;
}

SampleValue SampleValue::raw(JsonKind kind, std::string json) {
    SampleValue value = of(kind);
    value.whole = std::move(json);
    return value;
}

SampleValue* SampleValue::member(std::string_view name) {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const auto& one) { return one.name == name; });
    return found == members.end() ? nullptr : &found->value;
}

SampleValue* SampleValue::at(std::string_view pointer) {
    if (pointer.empty())
        return this;
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string_view step = pointer.substr(0, end);
    for (auto& [name, value] : members)
        if (pointer_step(name) == step)
            return value.at(pointer.substr(end));
    std::size_t index = 0;
    const auto read = std::from_chars(step.data() + 1, step.data() + step.size(), index);
    if (read.ec == std::errc() && index < items.size())
        return items[index].at(pointer.substr(end));
    return nullptr;
}

void SampleValue::append(std::string& out) const {
    if (!whole.empty()) {
        out += whole;
        return;
    }
    char before = kind == JsonKind::Object ? '{' : '[';
    switch (kind) {
    case JsonKind::Object:
        for (const auto& [name, value] : members) {
            out += std::exchange(before, ',');
            append_json_string(name, out);
            out += ':';
            value.append(out);
        }
        out += members.empty() ? "{}" : "}";
        return;
    case JsonKind::Array:
        for (const SampleValue& value : items) {
            out += std::exchange(before, ',');
            value.append(out);
        }
        out += items.empty() ? "[]" : "]";
        return;
    case JsonKind::String:
    case JsonKind::Key:
        append_json_string(text, out);
        return;
    case JsonKind::Number:
        out += text;
        return;
    case JsonKind::True:
        out += "true";
        return;
    case JsonKind::False:
        out += "false";
        return;
    case JsonKind::Null:
        break;
    }
    out += "null";
}

} // namespace weir::synth
