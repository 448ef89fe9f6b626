// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a regular expression says of how a text begins and ends.
// Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>

namespace weir::schema {

/// "^utm_[a-z]+$" gives "utm_": what each text begins with, for certain, that the pattern fits;
/// empty: nothing is certain.
std::string literal_beginning(std::string_view pattern);
/// The same for the end: "^[a-z]+@corp\.example$" gives "@corp.example".
std::string literal_end(std::string_view pattern);

} // namespace weir::schema
