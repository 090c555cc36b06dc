/*
 * Inside serve: its lines on the terminal, in two languages.  They are read
 * by whoever starts the program, before any catalogue of an office is open.
 */
#ifndef ALAS_SERVE_SAY_H
#define ALAS_SERVE_SAY_H

#include "base.h"

/* SAY(line, Spanish, English); one %s at most. */
#define SAY_LINES(SAY)                                                       \
SAY(NO_FOLDER,                                                               \
"falta la carpeta de datos: indíquela con ALAS_DATA=CARPETA",                \
"no data folder: name one with ALAS_DATA=FOLDER")                            \
SAY(FOLDER_MAKE,                                                             \
"no se puede crear ni abrir la carpeta %s",                                  \
"the folder %s can be neither made nor opened")                              \
SAY(FOLDER_OPEN,                                                             \
"otros usuarios pueden entrar en %s; ciérrela con: chmod 700 CARPETA",       \
"other users can enter %s; close it with: chmod 700 FOLDER")                 \
SAY(FOLDER_OTHER,                                                            \
"la carpeta %s es de otro usuario; inicie alas como ese usuario",            \
"the folder %s is another user's; start alas as that user")                  \
SAY(FOLDER_NAME,                                                             \
"la ruta %s tiene espacios, comillas o signos que nginx no acepta, o es "    \
"demasiado larga; use otra carpeta",                                         \
"the path %s has spaces, quotes or signs that nginx does not take, or is "   \
"too long; use another folder")                                              \
SAY(FOLDER_BUSY,                                                             \
"otro alas serve ya atiende la carpeta %s",                                  \
"another alas serve already serves the folder %s")                           \
SAY(HEADER_BAD,                                                              \
"no se puede leer %s o no es la cabecera de una bóveda; vale la de la base",  \
"%s cannot be read or is no vault's header; the database's own holds")       \
SAY(ROOT_REAL,                                                               \
"root no puede atender una oficina real (%s); use un usuario propio, o "     \
"cree una de demostración con: alas demo CARPETA",                           \
"root may not serve a real office (%s); use a user of its own, or make a "   \
"demonstration with: alas demo FOLDER")                                      \
SAY(ROOT_WARNING,                                                            \
"aviso: todo corre como root; solo para demostración y pruebas",             \
"warning: everything runs as root; only for demonstrations and tests")       \
SAY(NOW_REAL,                                                                \
"--now solo vale en una oficina de demostración o de prueba, no en %s",      \
"--now is only for a demonstration or test office, not for %s")              \
SAY(NOW_BAD,                                                                 \
"no es un instante: %s (ejemplo: 2026-11-24T09:00:00-05:00)",                \
"not an instant: %s (example: 2026-11-24T09:00:00-05:00)")                   \
SAY(ADDRESS_BAD,                                                             \
"no es una dirección IP: %s", "not an IP address: %s")                       \
SAY(PORT_BAD,                                                                \
"el puerto debe ser un número de 1 a 65535, no %s",                          \
"the port must be a number from 1 to 65535, not %s")                         \
SAY(PORT_TAKEN,                                                              \
"otro programa ya usa %s; deténgalo o elija otro puerto: PORT=8081",         \
"another program already uses %s; stop it or choose another: PORT=8081")     \
SAY(PORT_DENIED,                                                             \
"este usuario no puede usar %s; elija un puerto desde 1024",                 \
"this user may not use %s; choose a port from 1024")                         \
SAY(PORT_NONE,                                                               \
"esta máquina no tiene la dirección %s",                                     \
"this machine does not have the address %s")                                 \
SAY(PUBLIC_PLAIN,                                                            \
"fuera de esta máquina solo con TLS: para %s indique certificado y clave",   \
"outside this machine only with TLS: for %s name a certificate and key")     \
SAY(NAME_BAD,                                                                \
"no es un nombre de servidor: %s", "not a host name: %s")                    \
SAY(RATE_BAD,                                                                \
"no es una frecuencia: %s (ejemplo: 20r/m)",                                 \
"not a rate: %s (example: 20r/m)")                                           \
SAY(NGINX_MISSING,                                                           \
"falta nginx (%s); instálelo con: apt install nginx",                        \
"nginx is missing (%s); install it with: apt install nginx")                 \
SAY(FILE_MISSING,                                                            \
"falta %s; ¿está alas instalado por completo?",                              \
"%s is missing; is alas installed whole?")                                   \
SAY(FILE_OPEN,                                                               \
"otros pueden leer %s; ciérrelo con: chmod 600 ARCHIVO",                     \
"others can read %s; close it with: chmod 600 FILE")                         \
SAY(TROUBLE,                                                                 \
"no se pudo preparar %s; ¿disco lleno o sin permiso?",                       \
"%s could not be prepared; is the disk full or forbidden?")                  \
SAY(READY, "abra %s", "open %s")                                             \
SAY(SIGN_IN,                                                                 \
"quien abre la oficina escribe primero su frase de paso; luego entra cada "  \
"persona con su nombre, su frase y su código",                               \
"first somebody opens the office with its passphrase; then everybody signs " \
"in with name, passphrase and code")                                         \
SAY(SIGN_IN_DEMO,                                                            \
"demostración con datos inventados: elija a una persona para entrar",        \
"a demonstration with invented data: choose a person to sign in")            \
SAY(AGAIN,                                                                   \
"%s terminó solo y se inició de nuevo",                                      \
"%s ended by itself and was started again")                                  \
SAY(GAVE_UP,                                                                 \
"%s terminó demasiadas veces en un minuto; se detiene todo",                 \
"%s ended too often within a minute; everything is stopped")                 \
SAY(NO_START,                                                                \
"%s no pudo empezar; las líneas de arriba dicen por qué",                    \
"%s could not begin; the lines above say why")                               \
SAY(STOPPED, "detenido", "stopped")

enum say {
#define SAY(line, spanish, english) SAY_##line,
	SAY_LINES(SAY)
#undef SAY
	SAYS
};

/* "es" or "en"; NULL asks $LC_ALL and $LANG; Spanish unless English. */
void serve_say_in(const char *language);
/* To standard error: "alas: …". */
void serve_say(enum say line, const char *what);

#endif
