// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One visit of the synthetic shop: who, on what, and what they do next.
// Thread contract: plain values; Visitors has one owner. Bound: Visitors keeps one bit a user.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/synth/mix.h"
#include "models/synth/random.h"

namespace weir::synth {

enum class Platform : std::uint8_t { Web, Ios, Android, Server };
std::string_view to_word(Platform platform);

enum class Step : std::uint8_t {
    AppOpen,
    PageView,
    ProductView,
    Search,
    AddToCart,
    Signup,
    Login,
    CheckoutStarted,
    Purchase,
    OrderCompleted, // the server's word for the purchase
    End,
};

/// What every event of a step looks like.
struct StepInfo {
    std::string_view type;
    std::int64_t schema_version;
    std::string_view number_name;    // the member of properties that faults are planted in
    std::string_view number_pointer; // "/properties/…"
    bool money;                      // … is an amount in cents
};
const StepInfo& info_of(Step step);

struct Session {
    std::uint64_t id = 0;
    std::uint64_t anonymous = 0;
    std::uint32_t user = 0;
    bool signed_in = false; // the user id is sent along
    Platform platform = Platform::Web;
    Step step = Step::End; // what is done next
    std::uint8_t ip_host = 1;
    bool consent_ads = false;
    bool landed = false; // campaign and referrer were sent
    std::string_view version, agent, locale, currency, campaign, referrer, ip_net;
    std::int64_t batch_us = 0;   // how long the client holds its events back
    std::int64_t network_us = 0; // from client to collector
    std::int64_t skew_us = 0;    // how far the client's clock is ahead
    std::string_view category;
    std::uint32_t sku = 0;
    std::int64_t price_cents = 0; // of the product in view
    std::int64_t quantity = 1;
    std::int64_t order = 0;
    std::uint32_t large_id = 0;    // 1, 2: the order has one of the large ids; 0: it has not
    std::string_view order_prefix; // digits before `order`, past 64 bits with them; mostly none
};

/// Who sends the event of the session's present step.
Platform sender_of(const Session& session);

/// Who visits, and what they do.
class Visitors {
  public:
    /// `mix`, if there is one, must outlive it. REQUIRES: users > 0.
    Visitors(std::uint64_t seed, std::uint32_t users, const Mix* mix = nullptr);

    /// A new visit, at its first step.
    void begin(Session& session, Random& random);
    /// Moves to what comes after session.step and draws its details.
    void advance(Session& session, Random& random);

  private:
    void draw_device(Session& session, Random& random) const;
    void draw_version(Session& session, Random& random) const;
    void draw_product(Session& session, Random& random) const;
    Step after(Session& session, Random& random);
    Step sign_in(Session& session);

    std::uint64_t m_seed;
    std::uint32_t m_users;
    const Mix* m_mix;
    std::vector<bool> m_has_account;
};

} // namespace weir::synth
