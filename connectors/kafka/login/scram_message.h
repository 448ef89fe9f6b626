// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The messages of SCRAM (RFC 5802, section 7) as text: what a broker sends is taken apart here, and
// whatever is not exactly in the grammar is refused. No channel binding, as Kafka has none; a
// mandatory extension ("m=") is refused, others after the known attributes are passed over.
//
// Thread contract: pure functions. Bound: a message of 8 KiB, a nonce of 1 KiB, a salt of 1 KiB.
#pragma once

#include <string>
#include <string_view>

#include "connectors/base/result.h"

namespace weir::kafka {

/// Fewer iterations than Kafka itself allows are refused (a broker could have a password guessed
/// cheaply from them), and so are more than keep a computer busy for about a second.
constexpr int scram_iterations_min = 4096;
constexpr int scram_iterations_max = 1'000'000;

struct ScramServerFirst {
    std::string nonce; // the client's and the broker's, as they stand
    std::string salt;  // bytes
    int iterations = 0;
};

struct ScramServerFinal {
    std::string signature; // bytes; empty if there is an error
    std::string error;     // the broker's word for why not; printable ASCII
};

/// Errors: Corrupt (not the grammar), TooLarge, Refused (too few or too many iterations). The text
/// of an error holds nothing of the message.
Result<ScramServerFirst> parse_server_first(std::string_view message);
/// Errors: Corrupt, TooLarge.
Result<ScramServerFinal> parse_server_final(std::string_view message);

/// A user's name as it stands in a message: "=" and "," are written as =3D and =2C.
std::string scram_name(std::string_view name);

} // namespace weir::kafka
