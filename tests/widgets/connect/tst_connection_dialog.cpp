// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
// A connection is made, tested and chosen in the window, by mouse and keys.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <QtTest/qtestspontaneevent.h>

#include <condition_variable>
#include <mutex>

#include "connectors/secrets/secrets.h"
#include "widgets/common/state_page.h"
#include "widgets/common/theme.h"
#include "widgets/connect/connection_dialog.h"
#include "widgets/connect/connection_form.h"

using namespace weir;

class ConnectionDialogTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { Theme::apply(ThemeChoice::Light); }
    void init();
    void a_name_and_an_address_are_all_it_takes();
    void what_is_missing_is_said_at_its_field();
    void a_field_out_of_sight_comes_into_sight_with_its_trouble();
    void enter_connects_from_any_field();
    void only_what_applies_is_shown();
    void every_option_comes_back_as_it_went_in();
    void a_test_lists_what_is_there_and_topics_are_chosen_from_it();
    void a_failed_test_says_what_was_tried();
    void a_stopped_test_never_answers();
    void a_typed_password_goes_to_the_keychain_and_only_its_place_to_the_form();
    void a_typed_password_is_never_saved();
    void a_keychain_that_refuses_is_told_at_the_field();
    void each_secret_has_a_place_of_its_own();
    void another_kind_of_place_begins_empty();
    void a_typed_password_is_used_from_memory_and_comes_back_to_be_edited();
    void the_wheel_changes_no_choice();
    void the_wheel_over_a_closed_box_scrolls_the_form();
    void production_is_read_at_a_limit_unless_told_otherwise();
    void what_cannot_be_reached_is_no_green();
    void what_is_no_reference_is_said_at_the_field();
    void a_new_connection_starts_from_what_its_kind_asks_for();
    void nothing_said_stays_an_assumption();
    void a_marked_sandbox_is_proposed_as_one();
    void a_marked_sandbox_is_not_closed_without_a_warning();

  private:
    QLineEdit* line(const QString& name) {
        for (QLineEdit* each : m_dialog->findChildren<QLineEdit*>())
            if (each->accessibleName() == name)
                return each;
        return nullptr;
    }
    QComboBox* box(const QString& name) {
        for (QComboBox* each : m_dialog->findChildren<QComboBox*>())
            if (each->accessibleName() == name)
                return each;
        return nullptr;
    }
    QPushButton* button(const QString& name) {
        for (QPushButton* each : m_dialog->findChildren<QPushButton*>())
            if (each->accessibleName() == name)
                return each;
        return nullptr;
    }
    /// A login by name and password, in which the password is typed.
    void type_a_password(const QString& password) {
        enter(QStringLiteral("Name"), QStringLiteral("prod-kafka"));
        enter(QStringLiteral("Address"), QStringLiteral("kafka-1:9092"));
        box(QStringLiteral("Security"))->setCurrentIndex(2); // SASL without TLS
        enter(QStringLiteral("User"), QStringLiteral("reader"));
        enter(QStringLiteral("Password"), password);
    }
    bool said(const QString& part) {
        for (const QLabel* label : m_dialog->findChildren<QLabel*>())
            if (label->isVisible() && label->text().contains(part))
                return true;
        return false;
    }
    void enter(const QString& name, const QString& text) {
        line(name)->clear();
        QTest::keyClicks(line(name), text);
    }

    ProbeFunction m_probe;
    std::vector<std::pair<std::string, std::string>> m_stored;
    std::optional<Error> m_keychain_refuses;
    std::unique_ptr<ConnectionDialog> m_dialog;
};

void ConnectionDialogTest::init() {
    m_stored.clear();
    m_keychain_refuses.reset();
    m_probe = [](const kafka::ConnectionOptions&, const ProbeStep&) -> Result<ProbeReport> {
        ProbeReport report;
        report.cluster_id = "MkU3OEVBNTcwNTJENDM2Qg";
        report.brokers = {"1 at kafka-1:9092"};
        report.topics = {{"__consumer_offsets", 50, true},
                         {"invalid_events", 3, false},
                         {"raw_events", 6, false}};
        return report;
    };
    m_dialog = std::make_unique<ConnectionDialog>(
        [this](const kafka::ConnectionOptions& options, const ProbeStep& step) {
            return m_probe(options, step);
        },
        [this](const std::string& place, const std::string& secret) -> Result<void> {
            if (m_keychain_refuses)
                return *m_keychain_refuses;
            m_stored.emplace_back(place, secret);
            return {};
        },
        nullptr);
    m_dialog->show();
    QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
}

void ConnectionDialogTest::a_name_and_an_address_are_all_it_takes() {
    QSignalSpy chosen(m_dialog.get(), &ConnectionDialog::chosen);
    QVERIFY(line(QStringLiteral("Name"))->hasFocus());
    enter(QStringLiteral("Name"), QStringLiteral("prod-kafka"));
    enter(QStringLiteral("Address"), QStringLiteral(" kafka-1:9092 "));
    QTest::mouseClick(m_dialog->connectButton(), Qt::LeftButton);
    QCOMPARE(chosen.size(), 1);
    const auto choice = chosen.first().first().value<ConnectionDialog::Choice>();
    QCOMPARE(choice.connection.name, std::string("prod-kafka"));
    QCOMPARE(choice.connection.bootstrap, std::string("kafka-1:9092"));
    QCOMPARE(choice.connection.environment, kafka::Environment::Production); // unless told
    QCOMPARE(choice.topic_patterns, (std::vector<std::string>{"[^_].*"}));
    QVERIFY(!choice.save);
}

void ConnectionDialogTest::what_is_missing_is_said_at_its_field() {
    QSignalSpy chosen(m_dialog.get(), &ConnectionDialog::chosen);
    enter(QStringLiteral("Name"), QStringLiteral("prod-kafka"));
    QTest::mouseClick(m_dialog->connectButton(), Qt::LeftButton);
    QCOMPARE(chosen.size(), 0);
    QLineEdit* address = line(QStringLiteral("Address"));
    QVERIFY(address->hasFocus());
    QCOMPARE(address->property("weirState").toString(), QStringLiteral("bad"));
    QTest::keyClicks(address, QStringLiteral("k"));
    QVERIFY(address->property("weirState").toString().isEmpty());
    for (const char* wrong : {"kafka-1:abc", "kafka-1:99999", ":9092", "http://kafka-1:9092"}) {
        enter(QStringLiteral("Address"), QString::fromUtf8(wrong));
        QTest::mouseClick(m_dialog->connectButton(), Qt::LeftButton);
        QCOMPARE(chosen.size(), 0);
        QCOMPARE(address->property("weirState").toString(), QStringLiteral("bad"));
    }
}

void ConnectionDialogTest::a_field_out_of_sight_comes_into_sight_with_its_trouble() {
    enter(QStringLiteral("Name"), QStringLiteral("prod-kafka"));
    enter(QStringLiteral("Address"), QStringLiteral("kafka-1:9092"));
    box(QStringLiteral("Security"))->setCurrentIndex(3); // SASL over TLS: a long form
    QLineEdit* const user = line(QStringLiteral("User"));
    const auto in_sight = [&] {
        const QWidget* const seen = m_dialog->findChild<QScrollArea*>()->viewport();
        return seen->rect().contains(QRect(user->mapTo(seen, QPoint()), user->size()));
    };
    m_dialog->resize(1000, 420);
    QTRY_VERIFY(user->isVisible() && !in_sight());
    QTest::mouseClick(m_dialog->connectButton(), Qt::LeftButton);
    QVERIFY(m_dialog->troubleText().contains(QStringLiteral("Enter the user to log in as")));
    QVERIFY(user->hasFocus());
    QTRY_VERIFY(in_sight());
}

void ConnectionDialogTest::enter_connects_from_any_field() {
    QSignalSpy chosen(m_dialog.get(), &ConnectionDialog::chosen);
    enter(QStringLiteral("Name"), QStringLiteral("prod-kafka"));
    QTest::keyClick(line(QStringLiteral("Name")), Qt::Key_Return);
    QCOMPARE(chosen.size(), 0); // no address yet, which is where the keyboard is now
    QVERIFY(line(QStringLiteral("Address"))->hasFocus());
    enter(QStringLiteral("Address"), QStringLiteral("kafka-1:9092"));
    QTest::keyClick(line(QStringLiteral("Address")), Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
}

void ConnectionDialogTest::only_what_applies_is_shown() {
    QVERIFY(!line(QStringLiteral("CA file"))->isVisible());
    box(QStringLiteral("Security"))->setCurrentIndex(3); // SASL over TLS
    QTRY_VERIFY(line(QStringLiteral("CA file"))->isVisibleTo(m_dialog.get()));
    QVERIFY(line(QStringLiteral("User"))->isVisibleTo(m_dialog.get()));
    QVERIFY(!line(QStringLiteral("Token endpoint"))->isVisibleTo(m_dialog.get()));
    box(QStringLiteral("Login"))->setCurrentIndex(3); // OAUTHBEARER
    QTRY_VERIFY(line(QStringLiteral("Token endpoint"))->isVisibleTo(m_dialog.get()));
    QVERIFY(!line(QStringLiteral("User"))->isVisibleTo(m_dialog.get()));
}

void ConnectionDialogTest::every_option_comes_back_as_it_went_in() {
    kafka::ConnectionOptions in;
    in.name = "staging";
    in.bootstrap = "a:9093,b:9093";
    in.environment = kafka::Environment::Staging;
    in.security.protocol = kafka::Protocol::SaslSsl;
    in.security.ca_file = "/etc/ca.pem";
    in.security.certificate_file = "/etc/client.pem";
    in.security.key_file = "/etc/client.key";
    in.security.key_password.text = "env:KEY_PASSWORD";
    in.security.verify_hostname = false;
    in.security.mechanism = kafka::Mechanism::ScramSha512;
    in.security.username = "reader";
    in.security.password.text = "command:pass show kafka";
    in.properties = {{"fetch.min.bytes", "1"}, {"ssl.cipher.suites", "A=B"}};
    in.read_budget_mb_s = 12.5;
    m_dialog->setConnection(in, {"raw_events"}, {"events-.*"});
    const Result<kafka::ConnectionOptions> out = m_dialog->form()->options();
    QVERIFY(out.ok());
    QCOMPARE(out->name, in.name);
    QCOMPARE(out->bootstrap, in.bootstrap);
    QCOMPARE(out->environment, in.environment);
    QCOMPARE(out->security.ca_file, in.security.ca_file);
    QCOMPARE(out->security.key_password.text, in.security.key_password.text);
    QCOMPARE(out->security.verify_hostname, false);
    QCOMPARE(out->security.mechanism, in.security.mechanism);
    QCOMPARE(out->security.username, in.security.username);
    QCOMPARE(out->security.password.text, in.security.password.text);
    QCOMPARE(out->properties, in.properties);
    QCOMPARE(out->read_budget_mb_s, 12.5);
    QCOMPARE(m_dialog->topicsField()->text(), QStringLiteral("raw_events, events-.*"));
}

void ConnectionDialogTest::a_test_lists_what_is_there_and_topics_are_chosen_from_it() {
    enter(QStringLiteral("Name"), QStringLiteral("prod-kafka"));
    enter(QStringLiteral("Address"), QStringLiteral("kafka-1:9092"));
    QTest::mouseClick(m_dialog->testButton(), Qt::LeftButton);
    QTRY_VERIFY(m_dialog->foundText().contains(QStringLiteral("MkU3OEVBNTcwNTJENDM2Qg")));
    QVERIFY(m_dialog->foundText().contains(QStringLiteral("1 at kafka-1:9092")));
    QVERIFY(m_dialog->foundText().contains(QStringLiteral("Topics: 2, and 1 internal")));
    QVERIFY(m_dialog->foundText().contains(QStringLiteral("raw_events   6 partitions")));
    auto* list = m_dialog->findChild<QListWidget*>();
    list->setCurrentRow(1);
    QTest::keyClick(list, Qt::Key_Space);
    QCOMPARE(m_dialog->topicsField()->text(), QStringLiteral("raw_events"));
    // Another address: what was found says nothing about it.
    QTest::keyClicks(line(QStringLiteral("Address")), QStringLiteral("0"));
    QVERIFY(m_dialog->foundText().isEmpty());
}

void ConnectionDialogTest::a_failed_test_says_what_was_tried() {
    m_probe = [](const kafka::ConnectionOptions&, const ProbeStep&) -> Result<ProbeReport> {
        return Error{ErrorCode::Authentication, "The broker refused the login", "prod-kafka",
                     "SCRAM-SHA-512 as reader", "Check user and password.",     -1};
    };
    enter(QStringLiteral("Name"), QStringLiteral("prod-kafka"));
    enter(QStringLiteral("Address"), QStringLiteral("kafka-1:9092"));
    QTest::mouseClick(m_dialog->testButton(), Qt::LeftButton);
    QTRY_COMPARE(m_dialog->statePage()->headline(), QStringLiteral("The broker refused the login"));
    QCOMPARE(m_dialog->statePage()->detail(), QStringLiteral("Check user and password."));
}

void ConnectionDialogTest::a_stopped_test_never_answers() {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    std::atomic<bool> wanted{true};
    std::atomic<bool> ended{false};
    m_probe = [&](const kafka::ConnectionOptions&, const ProbeStep& step) -> Result<ProbeReport> {
        step("Waiting for a broker that says nothing");
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return open; });
        wanted = step("The next thing");
        ended = true;
        return ProbeReport{};
    };
    enter(QStringLiteral("Name"), QStringLiteral("prod-kafka"));
    enter(QStringLiteral("Address"), QStringLiteral("kafka-1:9092"));
    QTest::mouseClick(m_dialog->testButton(), Qt::LeftButton);
    QTRY_COMPARE(m_dialog->statePage()->detail(),
                 QStringLiteral("Waiting for a broker that says nothing"));
    QPushButton* stop = nullptr;
    QTRY_VERIFY((stop = m_dialog->statePage()->findChild<QPushButton*>()) != nullptr);
    QTRY_VERIFY(stop->isVisible());
    QTest::mouseClick(stop, Qt::LeftButton);
    QCOMPARE(m_dialog->statePage()->headline(), QStringLiteral("Not tested yet"));
    {
        const std::lock_guard lock(mutex);
        open = true;
    }
    changed.notify_all();
    QTRY_VERIFY(ended);
    QVERIFY(!wanted);
    QCoreApplication::sendPostedEvents();
    QVERIFY(m_dialog->foundText().isEmpty());
}

void ConnectionDialogTest::a_typed_password_goes_to_the_keychain_and_only_its_place_to_the_form() {
    type_a_password(QStringLiteral("s3cret"));
    QCOMPARE(line(QStringLiteral("Password"))->echoMode(), QLineEdit::Password);
    QPushButton* store = button(QStringLiteral("Store the Password in the keychain"));
    QVERIFY(store->isVisible());
    QVERIFY(said(QStringLiteral("weir/prod-kafka")));
    QTest::mouseClick(store, Qt::LeftButton);
    QTRY_COMPARE(m_stored.size(), 1U);
    QCOMPARE(m_stored.front().first, std::string("weir/prod-kafka"));
    QCOMPARE(m_stored.front().second, std::string("s3cret"));
    QTRY_VERIFY(said(QStringLiteral("✓ The keychain has it.")));
    QCOMPARE(line(QStringLiteral("Password: its place"))->text(),
             QStringLiteral("weir/prod-kafka"));
    QCOMPARE(line(QStringLiteral("Password: its place"))->echoMode(), QLineEdit::Normal);
    const Result<kafka::ConnectionOptions> options = m_dialog->form()->options();
    QVERIFY(options.ok());
    QCOMPARE(options->security.password.text, std::string("keychain:weir/prod-kafka"));
}

void ConnectionDialogTest::a_typed_password_is_never_saved() {
    QSignalSpy chosen(m_dialog.get(), &ConnectionDialog::chosen);
    type_a_password(QStringLiteral("s3cret"));
    QTest::mouseClick(m_dialog->saveButton(), Qt::LeftButton);
    QCOMPARE(chosen.size(), 0);
    QVERIFY(m_dialog->troubleText().contains(QStringLiteral("store it in the keychain")));
    QVERIFY(line(QStringLiteral("Password"))->hasFocus());
    // Another kind of place: what was typed is gone before the line is readable.
    box(QStringLiteral("Password: where it is kept"))->setCurrentIndex(1);
    QVERIFY(line(QStringLiteral("Password: its place"))->text().isEmpty());
    enter(QStringLiteral("Password: its place"), QStringLiteral("KAFKA_PASSWORD"));
    QTest::mouseClick(m_dialog->saveButton(), Qt::LeftButton);
    QCOMPARE(chosen.size(), 1);
}

void ConnectionDialogTest::a_keychain_that_refuses_is_told_at_the_field() {
    m_keychain_refuses = Error{ErrorCode::Unsupported,
                               "no keychain runs",
                               "",
                               "",
                               "Keep the secret in a file or a variable.",
                               -1};
    type_a_password(QStringLiteral("s3cret"));
    QTest::mouseClick(button(QStringLiteral("Store the Password in the keychain")), Qt::LeftButton);
    QTRY_VERIFY(said(QStringLiteral("no keychain runs")));
    QCOMPARE(line(QStringLiteral("Password"))->text(), QStringLiteral("s3cret")); // to try again
    QVERIFY(!m_dialog->form()->options(FormUse::File).ok());
}

void ConnectionDialogTest::each_secret_has_a_place_of_its_own() {
    type_a_password(QStringLiteral("one"));
    box(QStringLiteral("Security"))->setCurrentIndex(3); // SASL over TLS
    enter(QStringLiteral("Key's password"), QStringLiteral("two"));
    for (const char* name : {"Password", "Key's password"}) {
        QPushButton* store =
            button(QStringLiteral("Store the %1 in the keychain").arg(QLatin1String(name)));
        store->click();
    }
    QTRY_COMPARE(m_stored.size(), 2U);
    QVERIFY(m_stored[0].first != m_stored[1].first);
}

void ConnectionDialogTest::another_kind_of_place_begins_empty() {
    QComboBox* kind = nullptr;
    type_a_password({});
    kind = box(QStringLiteral("Password: where it is kept"));
    kind->setFocus();
    QTest::keyClick(kind, Qt::Key_End); // a command
    enter(QStringLiteral("Password: its place"), QStringLiteral("pass show kafka"));
    kind->setFocus();
    QTest::keyClick(kind, Qt::Key_Home); // typed in
    QVERIFY(line(QStringLiteral("Password"))->text().isEmpty());
    QVERIFY(m_dialog->form()->options()->security.password.empty());
    QTest::keyClick(kind, Qt::Key_End);
    QVERIFY(line(QStringLiteral("Password: its place"))->text().isEmpty());
}

void ConnectionDialogTest::a_typed_password_is_used_from_memory_and_comes_back_to_be_edited() {
    std::atomic<bool> asked{false};
    std::string used;
    m_probe = [&](const kafka::ConnectionOptions& options,
                  const ProbeStep&) -> Result<ProbeReport> {
        const auto secret = resolve_secret(options.security.password, {});
        used = secret ? *secret : secret.error().text();
        asked = true;
        return ProbeReport{};
    };
    QSignalSpy chosen(m_dialog.get(), &ConnectionDialog::chosen);
    type_a_password(QStringLiteral(" s3cret "));
    QTest::mouseClick(m_dialog->testButton(), Qt::LeftButton);
    QTRY_VERIFY(asked);
    QCOMPARE(used, std::string(" s3cret ")); // spaces too
    QTest::mouseClick(m_dialog->connectButton(), Qt::LeftButton);
    QCOMPARE(chosen.size(), 1);
    const auto choice = chosen.first().first().value<ConnectionDialog::Choice>();
    const kafka::SecretRef& password = choice.connection.security.password;
    QVERIFY(password.text.find("s3cret") == std::string::npos);
    QCOMPARE(resolve_secret(password, {}).value(), std::string(" s3cret "));
    m_dialog->setConnection(choice.connection, {}, {});
    QCOMPARE(line(QStringLiteral("Password"))->text(), QStringLiteral(" s3cret "));
    QCOMPARE(line(QStringLiteral("Password"))->echoMode(), QLineEdit::Password);
}

namespace {

void turn_wheel(QWidget* over, int steps) {
    const QPointF at = over->rect().center();
    QWheelEvent event(at, over->mapToGlobal(at), {}, {0, steps * 120}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QSpontaneKeyEvent::setSpontaneous(&event); // as from the mouse: what ignores it hands it on
    QCoreApplication::instance()->notify(over, &event);
}

} // namespace

void ConnectionDialogTest::the_wheel_changes_no_choice() {
    box(QStringLiteral("Security"))->setCurrentIndex(3);    // the most rows
    box(QStringLiteral("Environment"))->setCurrentIndex(1); // production
    for (QComboBox* each : m_dialog->findChildren<QComboBox*>()) {
        QVERIFY(each->focusPolicy() != Qt::WheelFocus);
        const int chosen = each->currentIndex();
        for (const bool with_keyboard : {false, true}) {
            if (with_keyboard)
                each->setFocus();
            for (const int steps : {-1, 2}) { // one of them would lead somewhere
                turn_wheel(each, steps);
                QCOMPARE(each->currentIndex(), chosen);
            }
        }
    }
    QCOMPARE(m_dialog->form()->environment(), std::optional(kafka::Environment::Production));
}

void ConnectionDialogTest::the_wheel_over_a_closed_box_scrolls_the_form() {
    box(QStringLiteral("Security"))->setCurrentIndex(3);
    m_dialog->resize(m_dialog->width(), m_dialog->minimumSizeHint().height());
    const auto* area = m_dialog->findChild<QScrollArea*>();
    QVERIFY(area);
    QScrollBar* const bar = area->verticalScrollBar();
    QTRY_VERIFY(bar->maximum() > 0);
    QComboBox* const security = box(QStringLiteral("Security"));
    turn_wheel(security, -1);
    const int down = bar->value();
    QVERIFY(down > bar->minimum());
    turn_wheel(security, 1);
    QVERIFY(bar->value() < down);
}

void ConnectionDialogTest::production_is_read_at_a_limit_unless_told_otherwise() {
    QLineEdit* const limit = line(QStringLiteral("Read at most"));
    const auto made = [this] { return m_dialog->form()->options()->read_budget_mb_s; };
    enter(QStringLiteral("Name"), QStringLiteral("prod-kafka"));
    enter(QStringLiteral("Address"), QStringLiteral("kafka-1:9092"));
    QVERIFY(limit->placeholderText().contains(QStringLiteral("empty: 75, 0: no limit")));
    QCOMPARE(made(), 75.0);
    enter(QStringLiteral("Read at most"), QStringLiteral("0"));
    QCOMPARE(made(), 0.0);
    kafka::ConnectionOptions lifted = *m_dialog->form()->options();
    m_dialog->setConnection(lifted, {}, {});
    QCOMPARE(limit->text(), QStringLiteral("0")); // lifted stays lifted
    limit->clear();
    box(QStringLiteral("Environment"))->setCurrentIndex(2); // staging
    QVERIFY(limit->placeholderText().contains(QStringLiteral("empty: no limit")));
    QCOMPARE(made(), 0.0);
}

void ConnectionDialogTest::what_cannot_be_reached_is_no_green() {
    m_probe = [](const kafka::ConnectionOptions&, const ProbeStep&) -> Result<ProbeReport> {
        ProbeReport report;
        report.brokers = {"1 at kafka-1:9092", "2 at kafka-2:9092"};
        report.silent_brokers = 1;
        report.notes = {"kafka-2:9092 did not answer within 4 s"};
        return report;
    };
    enter(QStringLiteral("Name"), QStringLiteral("kafka"));
    enter(QStringLiteral("Address"), QStringLiteral("kafka-1:9092"));
    QTest::mouseClick(m_dialog->testButton(), Qt::LeftButton);
    QTRY_VERIFY(
        m_dialog->foundText().contains(QStringLiteral("▲ 1 of 2 brokers cannot be reached")));
    QVERIFY(m_dialog->foundText().contains(QStringLiteral("kafka-2:9092 did not answer")));
    QVERIFY(!m_dialog->foundText().contains(QStringLiteral("✓ It answers")));
}

void ConnectionDialogTest::what_is_no_reference_is_said_at_the_field() {
    type_a_password({});
    const struct {
        int kind;
        const char* text;
    } wrong[] = {{1, "h4rd to guess!"}, {2, "prod-kafka"}};
    for (const auto& [kind, text] : wrong) {
        box(QStringLiteral("Password: where it is kept"))->setCurrentIndex(kind);
        enter(QStringLiteral("Password: its place"), QString::fromUtf8(text));
        QVERIFY2(!m_dialog->form()->options().ok(), text);
        QCOMPARE(line(QStringLiteral("Password: its place"))->property("weirState").toString(),
                 QStringLiteral("bad"));
    }
}

void ConnectionDialogTest::a_new_connection_starts_from_what_its_kind_asks_for() {
    QComboBox* start = box(QStringLiteral("Start from"));
    const auto choose = [&](const char* title) {
        start->setFocus();
        QTest::keyClick(start, Qt::Key_Home);
        while (start->currentText() != QLatin1String(title))
            QTest::keyClick(start, Qt::Key_Down);
    };
    choose("Kafka on this machine");
    QCOMPARE(line(QStringLiteral("Address"))->text(), QStringLiteral("localhost:9092"));
    choose("Azure Event Hubs");
    QVERIFY(line(QStringLiteral("Address"))->text().isEmpty());
    QVERIFY(line(QStringLiteral("Address"))
                ->placeholderText()
                .contains(QStringLiteral("servicebus.windows.net:9093")));
    QCOMPARE(line(QStringLiteral("User"))->text(), QStringLiteral("$ConnectionString"));
    QVERIFY(line(QStringLiteral("Password"))->isVisible());
    choose("Amazon MSK");
    QVERIFY(line(QStringLiteral("User"))->text().isEmpty());
    enter(QStringLiteral("Name"), QStringLiteral("msk"));
    enter(QStringLiteral("Address"), QStringLiteral("b-1.example:9096"));
    enter(QStringLiteral("User"), QStringLiteral("reader"));
    const Result<kafka::ConnectionOptions> options = m_dialog->form()->options();
    QVERIFY(options.ok());
    QCOMPARE(options->security.protocol, kafka::Protocol::SaslSsl);
    QCOMPARE(options->security.mechanism, kafka::Mechanism::ScramSha512);
    choose("Confluent Cloud"); // what is one's own stays
    QCOMPARE(line(QStringLiteral("Address"))->text(), QStringLiteral("b-1.example:9096"));
    QCOMPARE(line(QStringLiteral("User"))->text(), QStringLiteral("reader"));
}

void ConnectionDialogTest::nothing_said_stays_an_assumption() {
    enter(QStringLiteral("Name"), QStringLiteral("kafka"));
    enter(QStringLiteral("Address"), QStringLiteral("kafka-1:9092"));
    QVERIFY(m_dialog->form()->options()->environment_assumed);
    QVERIFY(said(QStringLiteral("never written to"))); // before anything is connected to
    box(QStringLiteral("Environment"))->setCurrentIndex(1);
    const Result<kafka::ConnectionOptions> options = m_dialog->form()->options();
    QCOMPARE(options->environment, kafka::Environment::Production);
    QVERIFY(!options->environment_assumed);
}

void ConnectionDialogTest::a_marked_sandbox_is_proposed_as_one() {
    m_probe = [](const kafka::ConnectionOptions&, const ProbeStep&) -> Result<ProbeReport> {
        ProbeReport report;
        report.cluster_id = "sandboxed";
        report.marked_sandbox = true;
        return report;
    };
    enter(QStringLiteral("Name"), QStringLiteral("kafka"));
    enter(QStringLiteral("Address"), QStringLiteral("kafka-1:9092"));
    QTest::mouseClick(m_dialog->testButton(), Qt::LeftButton);
    QTRY_VERIFY(m_dialog->foundText().contains(QStringLiteral("marker of a Weir sandbox")));
    QTest::mouseClick(m_dialog->sandboxButton(), Qt::LeftButton);
    QCOMPARE(m_dialog->form()->options()->environment, kafka::Environment::Sandbox);
    QVERIFY(m_dialog->foundText().contains(QStringLiteral("Weir may write there"))); // still there
    QVERIFY(!m_dialog->sandboxButton()->isVisible());
}

void ConnectionDialogTest::a_marked_sandbox_is_not_closed_without_a_warning() {
    QSignalSpy chosen(m_dialog.get(), &ConnectionDialog::chosen);
    m_probe = [](const kafka::ConnectionOptions&, const ProbeStep&) -> Result<ProbeReport> {
        ProbeReport report;
        report.marked_sandbox = true;
        return report;
    };
    enter(QStringLiteral("Name"), QStringLiteral("kafka"));
    enter(QStringLiteral("Address"), QStringLiteral("kafka-1:9092"));
    box(QStringLiteral("Environment"))->setCurrentIndex(1); // production, and by word
    QTest::mouseClick(m_dialog->testButton(), Qt::LeftButton);
    QTRY_VERIFY(m_dialog->sandboxButton()->isVisible());
    QTest::mouseClick(m_dialog->connectButton(), Qt::LeftButton);
    QCOMPARE(chosen.size(), 0);
    QVERIFY(m_dialog->troubleText().contains(QStringLiteral("marked as a sandbox")));
    QTest::mouseClick(m_dialog->connectButton(), Qt::LeftButton);
    QCOMPARE(chosen.size(), 1); // the user's word
}

QTEST_MAIN(ConnectionDialogTest)
#include "tst_connection_dialog.moc"
