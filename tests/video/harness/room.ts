import '#client/styles/tokens.css'
import '#client/styles/base.css'
import { mount } from 'svelte'
import Room from './Room.svelte'

mount(Room, { target: document.getElementById('app')! })
