// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <random>

#include "models/sandbox/enrich/device.h"
#include "models/sandbox/enrich/measures.h"

using namespace weir::sandbox;
using namespace std::string_literals;

namespace {

std::string text_of(const Device& device) {
    return std::string(device.type) + " | " + std::string(device.system) + " | " +
           std::string(device.browser) + " " + std::string(device.version);
}

} // namespace

/// The fixed tables behind enrichment, and their arithmetic.
class TestEnrichTables : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_user_agent_names_its_device_data() {
        QTest::addColumn<QString>("agent");
        QTest::addColumn<QString>("device");
        QTest::newRow("chrome") << "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
                                   "(KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
                                << "desktop | Windows | Chrome 130";
        QTest::newRow("edge, which names Chrome and Safari, too")
            << "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like "
               "Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.2849.56"
            << "desktop | macOS | Edge 130";
        QTest::newRow("safari") << "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) "
                                   "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
                                   "Mobile/15E148 Safari/604.1"
                                << "phone | iOS | Safari 17";
        QTest::newRow("android phone")
            << "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
               "Chrome/129.0.0.0 Mobile Safari/537.36"
            << "phone | Android | Chrome 129";
        QTest::newRow("android tablet")
            << "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 Chrome/129.0 "
               "Safari/537.36"
            << "tablet | Android | Chrome 129";
        QTest::newRow("firefox") << "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 "
                                    "Firefox/132.0"
                                 << "desktop | Linux | Firefox 132";
        QTest::newRow("robot") << "Mozilla/5.0 (compatible; Googlebot/2.1)"
                               << "bot |  |  ";
        QTest::newRow("a short one") << "Mozilla/5.0 Chrome/130"
                                     << "unknown |  | Chrome 130";
        QTest::newRow("nothing known") << "x"
                                       << "unknown |  |  ";
    }
    void a_user_agent_names_its_device() {
        QFETCH(QString, agent);
        QFETCH(QString, device);
        QCOMPARE(QString::fromStdString(text_of(device_of(agent.toStdString()))), device);
    }

    void a_currency_has_one_code() {
        for (const char* text : {"EUR", "eur", " Eur ", "€"})
            QCOMPARE(currency_of(text), std::string_view("EUR"));
        QCOMPARE(currency_of("US$"), std::string_view("USD"));
        for (const char* text : {"$", "kr", "ZZZ", "", "EURO"})
            QCOMPARE(currency_of(text), std::string_view());
    }

    void amounts_are_rounded_once_half_to_even() {
        QCOMPARE(*in_reference_currency("12.30", "EUR"), "12.30"s);
        QCOMPARE(*in_reference_currency("100", "USD"), "92.00"s);
        QCOMPARE(*in_reference_currency("-19.99", "GBP"), "-23.39"s);
        QCOMPARE(*in_reference_currency("0.125", "EUR"), "0.12"s);
        QCOMPARE(*in_reference_currency("0.375", "EUR"), "0.38"s);
        QCOMPARE(*in_reference_currency("-0.001", "EUR"), "0.00"s);
        QCOMPARE(*in_reference_currency("1e3", "USD"), "920.00"s);
        QCOMPARE(*in_reference_currency("0", "JPY"), "0.00"s);
        QVERIFY(!in_reference_currency("23958446825181076828", "EUR"));
        QVERIFY(!in_reference_currency("1e300", "EUR"));
        QVERIFY(!in_reference_currency("12,30", "EUR"));
        QVERIFY(!in_reference_currency("1", "ZZZ"));
    }

    void a_unit_is_told_by_its_name_and_scaled_exactly() {
        const auto in_canonical = [](std::string_view name, std::string_view number) {
            const Unit* const unit = unit_of(name);
            return unit ? scaled(number, unit->by).value_or("none") + std::string(unit->canonical)
                        : "none"s;
        };
        QCOMPARE(in_canonical("load_s", "1.5"), "1500_ms"s);
        QCOMPARE(in_canonical("load_us", "1500"), "1.5_ms"s);
        QCOMPARE(in_canonical("weight_lb", "2"), "907.18474_g"s);
        QCOMPARE(in_canonical("weight_oz", "1"), "28.349523125_g"s);
        QCOMPARE(in_canonical("way_km", "1.2e1"), "12000000_mm"s);
        QCOMPARE(in_canonical("way_km", "0"), "0_mm"s);
        for (const char* name : {"load_ms", "_s", "price_min", "signed_in", "s", ""})
            QCOMPARE(in_canonical(name, "1"), "none"s);
    }

    void scaling_by_ten_and_back_is_the_same_number() {
        std::mt19937_64 random(3);
        for (int i = 0; i < 10'000; ++i) {
            const auto whole = static_cast<std::int64_t>(random() % 1'000'000'000'000) * 10 + 1;
            const std::string number = std::to_string(i % 2 ? whole : -whole);
            const int by = static_cast<int>(random() % 7);
            const auto smaller = scaled(number, {1, -by});
            QVERIFY(smaller);
            QCOMPARE(*scaled(*smaller, {1, by}), number);
            QCOMPARE(*scaled_to(number, {1, -by}, 6), *scaled_to(*smaller, {1, 0}, 6));
        }
    }
};

QTEST_GUILESS_MAIN(TestEnrichTables)
#include "tst_enrich_tables.moc"
