#pragma once

#include <initializer_list>
#include <utility>

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QString>
#include <QStringList>

namespace scr::test {

struct CtlAnswer {
    int code = -1; ///< -1: it did not run to its end
    QByteArray out;
    QByteArray err;
};

/// An argument as it is typed: a literal, or a path made by the test.
struct Argument {
    Argument(const char* literal) : text{QString::fromLatin1(literal)} {}
    Argument(QString path) : text{std::move(path)} {}
    QString text;
};

inline QStringList listOf(std::initializer_list<Argument> typed)
{
    QStringList arguments;
    for (const Argument& one : typed)
        arguments << one.text;
    return arguments;
}

/// Runs build/…/bin/scrutineerctl as a person would, with an environment of its own.
class CtlRunner {
public:
    explicit CtlRunner(const QString& home) : m_environment{QProcessEnvironment::systemEnvironment()}
    {
        m_environment.insert(QStringLiteral("HOME"), home);
        for (const char* name : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "PGSERVICEFILE"})
            m_environment.remove(QString::fromLatin1(name));
    }

    [[nodiscard]] const QProcessEnvironment& environment() const noexcept { return m_environment; }
    void setVariable(const QString& name, const QString& value) { m_environment.insert(name, value); }

    [[nodiscard]] CtlAnswer run(const QStringList& arguments, const QByteArray& input = {}) const
    {
        return start(QStringLiteral(SCRUTINEER_BIN_DIR "/scrutineerctl"), arguments, input);
    }

    /// The same with a system call that fails, as strace's inject= has it: "write:error=ENOSPC:when=3".
    /// `path`: only calls about that file.
    [[nodiscard]] CtlAnswer runWithFault(const QString& fault, const QStringList& arguments, const QString& path = {}) const
    {
        const QStringList only = path.isEmpty() ? QStringList{} : QStringList{QStringLiteral("-P"), path};
        return start(QStringLiteral("strace"),
                     QStringList{QStringLiteral("-f"), QStringLiteral("-qq"), QStringLiteral("-o"), QStringLiteral("/dev/null"),
                                 QStringLiteral("-e"), QStringLiteral("inject=") + fault} +
                         only + QStringList{QStringLiteral(SCRUTINEER_BIN_DIR "/scrutineerctl")} + arguments);
    }
    /// The same, and no file becomes longer than so many bytes: a write that would go beyond is cut short, the next one fails.
    [[nodiscard]] CtlAnswer runWithRoom(qint64 bytes, const QStringList& arguments) const
    {
        return start(QStringLiteral("env"),
                     QStringList{QStringLiteral("--ignore-signal=XFSZ"), QStringLiteral("prlimit"),
                                 QStringLiteral("--fsize=%1").arg(bytes), QStringLiteral(SCRUTINEER_BIN_DIR "/scrutineerctl")} +
                         arguments);
    }
    /// The same, and the n-th time that it asks for memory there is none.
    [[nodiscard]] CtlAnswer runWithoutMemory(int n, const QStringList& arguments) const
    {
        CtlRunner other{*this};
        other.setVariable(QStringLiteral("LD_PRELOAD"), QStringLiteral(SCRUTINEER_BIN_DIR "/../tests/libscr_failing_alloc.so"));
        other.setVariable(QStringLiteral("SCRUTINEER_FAILING_ALLOC"), QString::number(n));
        return other.run(arguments);
    }
    /// Whether this machine lets a program be traced at all.
    [[nodiscard]] static bool canInject()
    {
        QProcess process;
        process.start(QStringLiteral("strace"),
                      {QStringLiteral("-qq"), QStringLiteral("-o"), QStringLiteral("/dev/null"), QStringLiteral("/bin/true")});
        return process.waitForFinished() && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    }

private:
    [[nodiscard]] CtlAnswer start(const QString& program, const QStringList& arguments, const QByteArray& input = {}) const
    {
        QProcess process;
        process.setProcessEnvironment(m_environment);
        process.start(program, arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(120'000) || process.exitStatus() != QProcess::NormalExit)
            return {-1, process.readAllStandardOutput(), process.readAllStandardError()};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }

    QProcessEnvironment m_environment;
};

inline QString writeText(const QString& path, const QByteArray& text)
{
    QFile file{path};
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("%s could not be written", qPrintable(path));
    return path;
}

} // namespace scr::test
