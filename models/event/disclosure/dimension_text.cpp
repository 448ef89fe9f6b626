// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/dimension_text.h"

#include "models/event/disclosure/disclosed_input.h"

namespace weir {

std::optional<std::size_t> dimension_number(const Vocabulary& vocabulary, std::string_view name) {
    if (name == "partition")
        return partition_dimension(vocabulary);
    const int dimension = vocabulary.dimension(name);
    return dimension < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(dimension));
}

std::string dimension_name(const Vocabulary& vocabulary, std::size_t dimension) {
    return dimension < vocabulary.dimension_names.size() ? vocabulary.dimension_names[dimension]
                                                         : "partition";
}

std::string dimension_names_text(const Vocabulary& vocabulary) {
    std::string text = "partition";
    for (const std::string& name : vocabulary.dimension_names)
        text += ", " + name;
    return text;
}

std::string dimension_value_text(const Vocabulary& vocabulary, std::size_t dimension, ValueId value,
                                 const DisclosurePolicy& disclosure) {
    if (value == other_value)
        return "(other)";
    if (dimension >= vocabulary.dimension_names.size())
        return std::to_string(value.value());
    if (value == no_value)
        return "(none)";
    return disclosed_text(disclosure, vocabulary.dimension_names[dimension],
                          vocabulary.dimensions[dimension]->text(value));
}

} // namespace weir
