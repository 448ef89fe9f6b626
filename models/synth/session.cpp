// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/session.h"

#include <iterator>

#include "connectors/base/time_units.h"
#include "models/synth/catalogue.h"

namespace weir::synth {
namespace {

constexpr StepInfo steps[] = {
    {"app_open", 1, "duration_ms", "/properties/duration_ms", false},
    {"page_view", 2, "load_ms", "/properties/load_ms", false},
    {"product_view", 2, "price", "/properties/price", true},
    {"search", 1, "results", "/properties/results", false},
    {"add_to_cart", 2, "price", "/properties/price", true},
    {"signup", 1, "form_ms", "/properties/form_ms", false},
    {"login", 1, "attempts", "/properties/attempts", false},
    {"checkout_started", 1, "value", "/properties/value", true},
    {"purchase", 3, "price", "/properties/price", true},
    {"order_completed", 1, "price", "/properties/price", true},
};

static_assert(std::size(steps) == step_count && static_cast<std::size_t>(Step::End) == step_count);

/// What may come after a step, in parts of 100; what is left of them ends the visit.
struct Choice {
    Step step;
    std::uint32_t weight;
};

template <std::size_t N>
Step choose(const Choice (&choices)[N], Random& random) {
    std::uint32_t rest = random.below(100);
    for (const Choice& one : choices) {
        if (rest < one.weight)
            return one.step;
        rest -= one.weight;
    }
    return Step::End;
}

constexpr Choice after_page[] = {{Step::ProductView, 42},
                                 {Step::PageView, 22},
                                 {Step::Search, 16},
                                 {Step::Login, 5},
                                 {Step::Signup, 4}};
constexpr Choice after_search[] = {
    {Step::ProductView, 68}, {Step::Search, 10}, {Step::PageView, 12}};
constexpr Choice after_product[] = {
    {Step::ProductView, 38}, {Step::AddToCart, 16}, {Step::PageView, 20}, {Step::Search, 10}};
constexpr Choice after_cart[] = {{Step::CheckoutStarted, 46}, {Step::ProductView, 30}};

/// Always the same for a device.
Platform platform_of(std::uint64_t device, const Mix* mix) {
    const auto weight = [](std::uint32_t one) { return std::uint64_t{one}; };
    constexpr std::array<std::uint32_t, client_platform_count> shops = {46, 26, 28};
    std::uint64_t sum = 0;
    for (const std::uint32_t one : mix == nullptr ? shops : mix->platforms)
        sum += one;
    const auto& weights = sum == 0 || mix == nullptr ? shops : mix->platforms;
    return static_cast<Platform>(index_at(weights, device % (sum == 0 ? 100 : sum), weight));
}

/// Empty: the mix has none for that platform.
std::string_view drawn_version(const Mix* mix, Platform platform, Random& random) {
    if (mix == nullptr || mix->versions[static_cast<std::size_t>(platform)].empty())
        return {};
    const auto& versions = mix->versions[static_cast<std::size_t>(platform)];
    std::uint32_t sum = 0;
    for (const Mix::Version& one : versions)
        sum += one.weight;
    return versions[index_at(versions, random.below(sum),
                             [](const Mix::Version& one) { return std::uint64_t{one.weight}; })]
        .name;
}

} // namespace

std::string_view to_word(Platform platform) {
    constexpr std::string_view words[] = {"web", "ios", "android", "server"};
    return words[static_cast<std::size_t>(platform)];
}

const StepInfo& info_of(Step step) {
    return steps[static_cast<std::size_t>(step)];
}

Platform sender_of(const Session& session) {
    return session.step == Step::OrderCompleted ? Platform::Server : session.platform;
}

Visitors::Visitors(std::uint64_t seed, std::uint32_t users, const Mix* own_mix)
    : m_seed(seed)
    , m_users(users)
    , m_mix(own_mix)
    , m_has_account(users) {
    for (std::uint32_t user = 0; user < users; ++user)
        m_has_account[user] = mix(seed ^ mix(user)) % 100 < 45;
}

void Visitors::draw_device(Session& session, Random& random) const {
    // A user has up to three devices, always the same ones.
    const std::uint64_t device = mix(m_seed + session.user * 4ULL + random.below(10) / 7);
    session.anonymous = device;
    session.platform = platform_of(device, m_mix);
    draw_version(session, random);
}

void Visitors::draw_version(Session& session, Random& random) const {
    const std::string_view own = drawn_version(m_mix, session.platform, random);
    if (!own.empty()) {
        session.version = own;
    } else if (session.platform == Platform::Web) {
        session.version = draw(web_versions, random);
    } else if (session.platform == Platform::Ios) {
        session.version = draw(ios_versions, random);
    } else {
        session.version = draw(android_versions, random);
    }
    if (session.platform == Platform::Web)
        session.agent = draw(web_agents, random);
}

void Visitors::begin(Session& session, Random& random) {
    session = Session{};
    session.id = random.next();
    const double u = random.unit(); // some come often, most seldom
    session.user = static_cast<std::uint32_t>(u * u * static_cast<double>(m_users));
    draw_device(session, random);
    session.signed_in = m_has_account[session.user] && random.below(100) < 60;
    session.locale = draw(locales, random);
    session.currency = draw(currencies, random);
    session.ip_net = draw(ip_nets, random);
    session.ip_host = static_cast<std::uint8_t>(1 + mix(session.anonymous) % 254);
    session.consent_ads = random.below(100) < 55;
    if (random.below(100) < 30)
        session.campaign = draw(campaigns, random);
    if (random.below(100) < 45)
        session.referrer = draw(referrers, random);
    session.batch_us =
        session.platform == Platform::Web ? random.below(800'000) : random.below(5'000'000);
    session.network_us = 4'000 + random.below(120'000);
    if (session.platform != Platform::Web && random.chance(4'000)) // was offline
        session.batch_us += random.below(6 * 3600) * second_us;
    if (random.chance(20'000)) // the clock is off, mostly by seconds, seldom by an hour or more
        session.skew_us = random.below(100) < 85
                              ? (static_cast<std::int64_t>(random.below(60)) - 30) * second_us
                              : (static_cast<std::int64_t>(random.below(5)) - 2) * hour_us;
    draw_product(session, random);
    session.step = session.platform == Platform::Web ? Step::PageView : Step::AppOpen;
}

void Visitors::draw_product(Session& session, Random& random) const {
    session.sku = random.below(9'000);
    session.category = draw(categories, random);
    session.price_cents = 499 + static_cast<std::int64_t>(mix(session.sku) % 180) * 100;
    session.quantity = 1 + random.below(10) / 7;
}

Step Visitors::sign_in(Session& session) {
    session.signed_in = true;
    if (m_has_account[session.user])
        return Step::Login;
    m_has_account[session.user] = true;
    return Step::Signup;
}

Step Visitors::after(Session& session, Random& random) {
    Step next = Step::End;
    switch (session.step) {
    case Step::AppOpen:
        return Step::PageView;
    case Step::Login:
    case Step::Signup:
    case Step::PageView:
        next = choose(after_page, random);
        break;
    case Step::Search:
        next = choose(after_search, random);
        break;
    case Step::ProductView:
        next = choose(after_product, random);
        break;
    case Step::AddToCart:
        next = choose(after_cart, random);
        break;
    case Step::CheckoutStarted:
        next = random.below(100) < 68 ? Step::Purchase : Step::End;
        break;
    case Step::Purchase:
        return Step::OrderCompleted;
    case Step::OrderCompleted:
    case Step::End:
        return Step::End;
    }
    const bool asks_for_sign_in = next == Step::Login || next == Step::Signup ||
                                  (next == Step::CheckoutStarted && !session.signed_in);
    if (!asks_for_sign_in)
        return next;
    return session.signed_in ? Step::PageView : sign_in(session);
}

void Visitors::advance(Session& session, Random& random) {
    session.step = after(session, random);
    if (session.step == Step::ProductView)
        draw_product(session, random);
    if (session.step != Step::Purchase)
        return;
    session.order = 4'000'000'000LL + static_cast<std::int64_t>(random.below(1'000'000'000));
    session.large_id = random.below(100) < 2 ? 1 + random.below(2) : 0;
}

} // namespace weir::synth
