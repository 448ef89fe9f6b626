// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Free text of failures without what differs from one to the next: "no user 4711 in 'shop'" and
// "no user 12 in 'app'" are both "no user # in '…'". Also pointers without the numbers of elements.
// Thread contract: pure functions. Bound: message_bytes_max.
#pragma once

#include <string>
#include <string_view>

namespace weir {

inline constexpr std::size_t message_bytes_max = 200;

/// Numbers and ids (words with digits in them, addresses with @ or ://) become #, what
/// stands in quotes …, white space one space. At most message_bytes_max bytes, cut with an
/// ellipsis. What is not UTF-8 becomes '?'.
std::string normal_form(std::string_view message);

/// RFC 6901, with * for each token that is a number: "/items/3/sku" is "/items/*/sku".
std::string general_pointer(std::string_view pointer);

} // namespace weir
