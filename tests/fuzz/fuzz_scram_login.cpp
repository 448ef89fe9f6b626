// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as what a broker says during a login, whole and in two parts: the login never ends well
// (nobody can sign without the password), an error is said on one line and holds no secret, and
// both ways of cutting come to the same. Messages that are taken hold what they must.
#include <algorithm>
#include <cstdlib>

#include "connectors/base/base64.h"
#include "connectors/kafka/login/scram_login.h"
#include "connectors/kafka/login/scram_message.h"

using namespace weir;
using namespace weir::kafka;

namespace {

constexpr const char* password = "opensesame";

void require(bool holds) {
    if (!holds)
        std::abort();
}

std::shared_ptr<ScramKeys> keys() {
    auto made = std::make_shared<ScramKeys>();
    made->user = "user";
    made->password = password;
    return made;
}

/// Frames out of `bytes`, each given the correlation that the login waits for.
std::string outcome(std::string_view bytes, bool cut) {
    ScramLogin login = ScramLogin::create(keys()).value();
    (void)login.begin();
    char correlation = 1;
    for (std::size_t at = 0; at < bytes.size(); ++correlation) {
        const std::size_t size =
            std::min<std::size_t>(std::uint8_t(bytes[at]), bytes.size() - at - 1);
        std::string frame{0, 0,          char((size + 4) >> 8), char((size + 4) & 0xff), 0, 0,
                          0, correlation};
        frame.append(bytes.substr(at + 1, size));
        at += 1 + size;
        if (cut) {
            const auto first = login.receive(std::string_view(frame).substr(0, frame.size() / 2));
            require(first.ok() && first->empty());
            frame.erase(0, frame.size() / 2);
        }
        auto next = login.receive(frame);
        while (next && login.salting())
            next = login.salt_on();
        require(!login.done());
        if (!next) {
            const std::string what = next.error().what;
            require(!what.empty() && what.find('\n') == std::string::npos);
            require(what.find(password) == std::string::npos ||
                    bytes.find(password) != std::string_view::npos); // the broker's own words
            return what;
        }
        require(!next->empty());
    }
    return "waiting";
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    require(outcome(bytes, false) == outcome(bytes, true));

    ScramLogin raw = ScramLogin::create(keys()).value();
    (void)raw.begin();
    (void)raw.receive(bytes);
    require(!raw.done());

    if (const auto first = parse_server_first(bytes)) {
        require(!first->nonce.empty() && !first->salt.empty());
        require(first->iterations >= scram_iterations_min &&
                first->iterations <= scram_iterations_max);
    }
    if (const auto final = parse_server_final(bytes))
        require(final->signature.empty() != final->error.empty());
    if (const auto decoded = base64_decoded_strictly(bytes))
        require(base64_encoded(*decoded) == bytes);
    return 0;
}
