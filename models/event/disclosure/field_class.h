// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a field's name says about its content: `userEmail` holds a mail address, `client_ip` an IP
// address, `traits.name` a person's name, `product_name` does not.
// Thread contract: plain functions over constant tables.
#pragma once

#include <cstdint>
#include <string_view>

namespace weir {

/// A class of personal data; its word is the reason that is shown for masking.
enum class FieldClass : std::uint8_t {
    None,
    Email,
    Phone,
    Card,
    Ip,
    Token,      // passwords, keys, cookies, anything that lets somebody in
    Name,       // of a person
    Address,    // postal
    Identity,   // what stands for one person or one device: user_id, anonymous_id, idfa, …
    NationalId, // social security, tax, passport numbers
    Iban,
    Birth,
    Location, // coordinates
};
std::string_view to_word(FieldClass field_class);

/// The reason where nobody knows what is personal in a payload, for it cannot be parsed.
inline constexpr std::string_view unparsable = "unparsable";

/// The class of the field `name` in an object that is itself the member `parent` ("" at the root).
/// Case, hyphens, underscores and camel case make no difference.
FieldClass class_of_name(std::string_view name, std::string_view parent);

/// The class of a text or number (also of a list of them, a header, a query parameter) of this name
/// where class_of_name() says nothing: `"user":"jdoe"` is somebody, `"user":{…}` only holds some.
FieldClass class_of_scalar(std::string_view name);

} // namespace weir
