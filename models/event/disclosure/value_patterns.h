// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a value's own shape says about it, wherever it stands: mail and IP addresses, phone and card
// numbers (Luhn), IBANs (mod 97), tokens and keys. Made to find rather too much than too little,
// but to leave ids, times, versions and user agents alone.
//
// Thread contract: plain functions. Cost: one pass for the count of telling characters; nothing
// more for most values.
#pragma once

#include <string_view>

#include "models/event/disclosure/field_class.h"

namespace weir {

/// The class of personal data that `text` holds anywhere in it. `text` may be any bytes.
FieldClass class_of_text(std::string_view text);

/// The same for a number: card numbers only. REQUIRES: is_decimal(number)
FieldClass class_of_number(std::string_view number);

namespace patterns {
bool holds_email(std::string_view text);
bool holds_ipv4(std::string_view text);
bool holds_ipv6(std::string_view text);
/// The first card, social security or phone number in the text.
FieldClass class_of_numbers(std::string_view text);
bool is_iban(std::string_view text);
bool is_uuid(std::string_view text);
/// 2026-11-21T02:00:11… or with a space: nothing else is to be found in the usual times.
bool is_time(std::string_view text);
bool holds_token(std::string_view text);
} // namespace patterns

} // namespace weir
