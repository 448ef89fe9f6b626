// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Amounts and measures in one currency and one unit each. The tables are fixed, so that an event
// enriched today and one replayed in a year come out alike; who changes one raises
// enrichment_version (enrich/enrichment.h). The rates are for comparing amounts, not for books.
//
// Thread contract: pure functions over constant tables.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/sandbox/enrich/scaled_number.h"

namespace weir::sandbox {

/// What all amounts are also told in.
inline constexpr std::string_view reference_currency = "EUR";

/// The ISO 4217 code that a text means ("eur", "€", "US$"); "": none that is known.
std::string_view currency_of(std::string_view text);
/// An amount in the reference currency, two decimals, half rounded to even; nothing: it is no
/// amount. REQUIRES: a code that currency_of() gave.
std::optional<std::string> in_reference_currency(std::string_view amount, std::string_view code);
/// Whether a member of that name is an amount in the event's currency.
bool is_amount(std::string_view name);

/// By the end of a member's name what it is measured in, and what makes of it the one unit of its
/// kind (ms, g, mm).
struct Unit {
    std::string_view ending;    // "_s"
    std::string_view canonical; // "_ms"
    Factor by;
};
/// Null: the name tells no unit, or it is the one of its kind already.
const Unit* unit_of(std::string_view name);

} // namespace weir::sandbox
