// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/violation_masking.h"

#include "models/event/decimal.h"
#include "models/event/disclosure/mask_text.h"

namespace weir {

namespace {

/// The pointer as policies write fields, without indexes: "items.sku".
std::string path_of(std::string_view pointer) {
    std::string path;
    while (!pointer.empty()) {
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        const std::string_view token = pointer.substr(1, end - 1);
        const bool index =
            !token.empty() && token.find_first_not_of("0123456789") == std::string_view::npos;
        if (!index)
            path.append(path.empty() ? "" : ".").append(token);
        pointer.remove_prefix(end);
    }
    return path;
}

/// A member's name can be somebody's itself: {"jane@example.org": …}.
std::string masked_pointer(std::string_view pointer, const DisclosurePolicy& policy) {
    std::string masked;
    while (!pointer.empty()) {
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        const std::string_view token = pointer.substr(1, end - 1);
        masked += '/';
        if (policy.verdict("", token).empty())
            masked += token;
        else
            append_masked_text(token, masked);
        pointer.remove_prefix(end);
    }
    return masked;
}

/// What is agreed about the fields of what was judged: the event, or something that describes
/// itself in it, of which the strictest contract holds.
const FieldClasses* agreed_about(const DisclosurePolicy& policy, const Contract* contract,
                                 const Violation& violation) {
    if (!violation.within.empty())
        return policy.fields_of("snowplow-tracker", {}, std::nullopt).agreed;
    if (contract == nullptr)
        return policy.fields_of("native", {}, std::nullopt).agreed;
    return policy.fields_of("native", contract->type, contract->version).agreed;
}

/// Whether the policy hides the value at a pointer.
bool hides(const DisclosurePolicy& policy, const FieldClasses* agreed, std::string_view pointer,
           std::string_view text) {
    const FieldClasses::Said said =
        agreed == nullptr ? FieldClasses::Said::Nothing : agreed->at(pointer);
    if (said != FieldClasses::Said::Nothing)
        return said == FieldClasses::Said::Personal;
    return !policy.verdict(path_of(pointer), text).empty();
}

} // namespace

void mask_found(Violation& violation, const Contract* contract, const DisclosurePolicy& policy) {
    if (!policy.masks())
        return;
    const std::string pointer = violation.pointer;
    violation.pointer = masked_pointer(pointer, policy);
    const std::string found = violation.found;
    // What is told of a text that is no JSON, or of a size, holds nothing of the event.
    if (found.empty() || violation.reason == ViolationReason::NotJson ||
        violation.reason == ViolationReason::TooLarge ||
        violation.reason == ViolationReason::WrongSize)
        return;
    const bool string = found.front() == '"';
    const bool container = found.front() == '{' || found.front() == '[';
    const std::string_view inner =
        string ? std::string_view(found).substr(
                     1, found.size() - (found.size() > 1 && found.back() == '"' ? 2 : 1))
               : std::string_view(found);
    const std::string_view judged = std::string_view(pointer).substr(violation.within.size());
    if (!container && !hides(policy, agreed_about(policy, contract, violation), judged, inner))
        return;
    violation.found.clear();
    if (!container && !string && is_decimal(inner)) {
        append_masked_number(inner, violation.found);
        return;
    }
    violation.found += string ? "\"" : "";
    append_masked_text(inner, violation.found);
    violation.found += string ? "\"" : "";
}

} // namespace weir
