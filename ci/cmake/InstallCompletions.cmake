# install_completions(PROGRAM [COMPONENT NAME]): the scripts of client/completion/, as `PROGRAM completion SHELL` prints them, to
# the folders where bash, zsh and fish look. Debian's zsh looks in vendor-completions; a package for it sets HM_ZSH_COMPLETIONS.
set(HM_ZSH_COMPLETIONS share/zsh/site-functions CACHE STRING "Folder for the completions of zsh, below the prefix")
function(install_completions PROGRAM)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/completions/${PROGRAM})
  foreach(shell bash zsh fish)
    configure_file(${CMAKE_SOURCE_DIR}/client/completion/${shell} ${made}.${shell} @ONLY)
  endforeach()
  install(FILES ${made}.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME ${PROGRAM} ${ARGN})
  install(FILES ${made}.zsh DESTINATION ${HM_ZSH_COMPLETIONS} RENAME _${PROGRAM} ${ARGN})
  install(FILES ${made}.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d ${ARGN})
endfunction()
