// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/secrets/secrets.h"

#include <QTemporaryDir>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/secrets/command.h"
#include "tests/support/process.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace std::chrono_literals;
using kafka::SecretRef;

namespace {
const SecretPolicy approved{.allow_commands = true};

std::string text_of(const Result<std::string>& result) {
    return result ? *result : result.error().text();
}
} // namespace

class TestSecrets : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void an_environment_variable();
    void a_file_without_its_last_newline();
    void a_file_that_cannot_be_one();
    void a_command_prints_it();
    void a_command_waits_for_approval();
    void a_command_is_no_shell();
    void a_command_that_fails_hangs_or_floods();
    void words_are_split_as_quoted();
    void a_secret_instead_of_a_reference_is_not_repeated();
    void errors_name_the_connection();
    void no_keychain_is_a_clear_answer();
};

void TestSecrets::an_environment_variable() {
    qputenv("WEIR_TEST_SECRET", "s3cret");
    QCOMPARE(text_of(resolve_secret({"env:WEIR_TEST_SECRET"}, {})), std::string("s3cret"));
    qunsetenv("WEIR_TEST_SECRET");
    VERIFY_ERROR(resolve_secret({"env:WEIR_TEST_SECRET"}, {}), ErrorCode::NotFound);
    qputenv("WEIR_TEST_SECRET", "");
    VERIFY_ERROR(resolve_secret({"env:WEIR_TEST_SECRET"}, {}), ErrorCode::NotFound);
    VERIFY_ERROR(resolve_secret({"env:"}, {}), ErrorCode::NotFound);
}

void TestSecrets::a_file_without_its_last_newline() {
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString() + "/secret";
    VERIFY_OK(test::write_text(path, " s3cret with spaces \n"));
    QCOMPARE(text_of(resolve_secret({"file:" + path}, {})), std::string(" s3cret with spaces "));
    VERIFY_OK(test::write_text(path, "two\nlines\n\n"));
    QCOMPARE(text_of(resolve_secret({"file:" + path}, {})), std::string("two\nlines\n"));
    qputenv("HOME", folder.path().toUtf8());
    QCOMPARE(text_of(resolve_secret({"file:~/secret"}, {})), std::string("two\nlines\n"));
}

void TestSecrets::a_file_that_cannot_be_one() {
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString() + "/secret";
    VERIFY_ERROR(resolve_secret({"file:" + path}, {}), ErrorCode::NotFound);
    VERIFY_ERROR(resolve_secret({"file:" + folder.path().toStdString()}, {}), ErrorCode::Config);
    VERIFY_OK(test::write_text(path, "\n"));
    VERIFY_ERROR(resolve_secret({"file:" + path}, {}), ErrorCode::NotFound);
    VERIFY_OK(test::write_text(path, std::string(70'000, 'x')));
    VERIFY_ERROR(resolve_secret({"file:" + path}, {}), ErrorCode::TooLarge);
    QCOMPARE(mkfifo((path + ".pipe").c_str(), 0600), 0);
    VERIFY_ERROR(resolve_secret({"file:" + path + ".pipe"}, {}), ErrorCode::Config);
    if (geteuid() != 0) { // root may read everything
        chmod(path.c_str(), 0);
        VERIFY_ERROR(resolve_secret({"file:" + path}, {}), ErrorCode::NotPermitted);
    }
}

void TestSecrets::a_command_prints_it() {
    QCOMPARE(text_of(resolve_secret({"command:printf 's3cret\\n'"}, approved)),
             std::string("s3cret"));
}

void TestSecrets::a_command_waits_for_approval() {
    const QTemporaryDir folder;
    const std::string mark = folder.path().toStdString() + "/mark";
    const auto refused = resolve_secret({"command:touch " + mark}, {});
    VERIFY_ERROR(refused, ErrorCode::Refused);
    QVERIFY(refused.error().text().find("touch") != std::string::npos);
    QVERIFY(access(mark.c_str(), F_OK) != 0);
}

void TestSecrets::a_command_is_no_shell() {
    QCOMPARE(text_of(resolve_secret({"command:echo $HOME; id `id` > x | cat *"}, approved)),
             std::string("$HOME; id `id` > x | cat *"));
}

void TestSecrets::a_command_that_fails_hangs_or_floods() {
    VERIFY_ERROR(resolve_secret({"command:/no/such/program"}, approved), ErrorCode::NotFound);
    VERIFY_ERROR(resolve_secret({"command:true"}, approved), ErrorCode::NotFound);
    VERIFY_ERROR(resolve_secret({"command:yes"}, approved), ErrorCode::TooLarge);
    const auto failed =
        resolve_secret({"command:sh -c 'echo opensesame; echo opensesame >&2; exit 3'"}, approved);
    VERIFY_ERROR(failed, ErrorCode::Io);
    QVERIFY(failed.error().text().find("status 3") != std::string::npos);
    QVERIFY(failed.error().text().find("opensesame") == std::string::npos);
    // A grandchild that keeps the pipe open is ended with the rest.
    const SecretPolicy hasty{.allow_commands = true, .command_wait = 200ms};
    QElapsedTimer clock;
    clock.start();
    VERIFY_ERROR(resolve_secret({"command:sh -c 'sleep 60 & sleep 60'"}, hasty),
                 ErrorCode::Timeout);
    QVERIFY(clock.elapsed() < 10'000);
}

void TestSecrets::words_are_split_as_quoted() {
    using Words = std::vector<std::string>;
    QCOMPARE(split_command("a  b\tc").value(), (Words{"a", "b", "c"}));
    QCOMPARE(split_command("a 'b c' \"d e\"f ''").value(), (Words{"a", "b c", "d ef", ""}));
    QCOMPARE(split_command("a b\\ c '\\' \"\\\"\"").value(), (Words{"a", "b c", "\\", "\""}));
    VERIFY_ERROR(split_command("a 'b"), ErrorCode::Config);
    VERIFY_ERROR(split_command("   "), ErrorCode::Config);
    VERIFY_ERROR(split_command(""), ErrorCode::Config);
    VERIFY_ERROR(split_command("'' x"), ErrorCode::Config);
}

void TestSecrets::a_secret_instead_of_a_reference_is_not_repeated() {
    for (const char* text : {"opensesame", "opensesame:x", "", ":opensesame", "ENV:opensesame"}) {
        const auto refused = resolve_secret({text}, {});
        VERIFY_ERROR(refused, ErrorCode::Config);
        QVERIFY(refused.error().text().find("opensesame") == std::string::npos);
    }
    VERIFY_ERROR(resolve_secret({"keychain:noslash"}, {}), ErrorCode::Config);
    VERIFY_ERROR(resolve_secret({"keychain:/key"}, {}), ErrorCode::Config);
    VERIFY_ERROR(store_in_keychain("a/b", "key", "x", 1s), ErrorCode::Config);
}

void TestSecrets::errors_name_the_connection() {
    const auto resolver = secret_resolver("prod-kafka");
    const auto missing = resolver(SecretRef{"env:WEIR_NOT_SET"});
    VERIFY_ERROR(missing, ErrorCode::NotFound);
    QVERIFY2(missing.error().text().rfind("prod-kafka: environment variable WEIR_NOT_SET", 0) == 0,
             missing.error().text().c_str());
}

void TestSecrets::no_keychain_is_a_clear_answer() {
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    QElapsedTimer clock;
    clock.start();
    const auto missing = resolve_secret({"keychain:weir/prod"}, {});
    VERIFY_ERROR(missing, ErrorCode::Unsupported);
    QVERIFY2(missing.error().advice.find("env:NAME") != std::string::npos,
             missing.error().text().c_str());
    VERIFY_ERROR(store_in_keychain("weir", "prod", "opensesame", 5s), ErrorCode::Unsupported);
    VERIFY_ERROR(remove_from_keychain("weir", "prod", 5s), ErrorCode::Unsupported);
    QVERIFY(clock.elapsed() < 15'000);
}

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
